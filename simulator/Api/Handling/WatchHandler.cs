using CanaryFunctions.Simulator.Api.Crds;
using CanaryFunctions.Simulator.Api.Http;
using CanaryFunctions.Simulator.Api.Printing;
using CanaryFunctions.Simulator.Api.Storage;

namespace CanaryFunctions.Simulator.Api.Handling;

/// <summary>Starts watches: from a version, or from what there is now.</summary>
internal sealed class WatchHandler(ObjectStore store, ConversionService conversion, TablePrinter printer, TimeProvider time, CancellationToken stopping)
{
    public Reply Start(ApiCall call)
    {
        var query = new ObjectQuery(call);
        var form = call.Form;
        var after = ReadHandler.Version(call) is > 0 and var version && !call.Flag("sendInitialEvents") ? version : (long?)null;
        var session = new WatchSession(call, query, form, conversion, printer, time);
        if (store.Watch(call.Type.StorageKey, after) is not { } started)
        {
            var expired = ApiError.Expired($"too old resource version: {after} ({store.Version})");
            return Reply.Streamed(Reply.JsonType, _ => session.FailAsync(expired));
        }

        return Reply.Streamed(Reply.JsonType, _ => session.RunAsync(started.Watch, started.Start, started.Version, stopping));
    }
}
