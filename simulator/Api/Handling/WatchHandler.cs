using System.Globalization;
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
        var type = form == ObjectForm.Full ? Reply.JsonType
            : $"{Reply.JsonType};as={(form == ObjectForm.Table ? "Table" : "PartialObjectMetadata")};g=meta.k8s.io;v=v1";
        long? after = call.Query("resourceVersion") is { Length: > 0 } text and not "0" && !call.Flag("sendInitialEvents") ? ReadVersion(text) : null;
        var session = new WatchSession(call, query, form, conversion, printer, time);
        if (store.Watch(call.Type.StorageKey, after) is not { } started)
        {
            var expired = ApiError.Expired($"too old resource version: {after} ({store.Version})");
            return Reply.Streamed(type, _ => session.FailAsync(expired));
        }

        return Reply.Streamed(type, _ => session.RunAsync(started.Watch, started.Start, started.Version, stopping));
    }

    private static long ReadVersion(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version
        : throw ApiError.BadRequest($"resourceVersion: Invalid value: \"{text}\": must be a number that this server gave out");
}
