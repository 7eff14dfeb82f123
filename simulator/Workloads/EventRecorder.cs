using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Simulator.Workloads;

/// <summary>Kubernetes events, as <c>kubectl describe</c> lists them below an object. Best effort: losing one changes nothing.</summary>
internal sealed class EventRecorder(IClusterClient client, TimeProvider time, string component, ILogger logger)
{
    /// <param name="obj">What the event is about.</param>
    /// <param name="type"><c>Normal</c> or <c>Warning</c>.</param>
    public async Task RecordAsync(ResourceKind kind, JsonObject obj, string type, string reason, string message, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var identity = ShortNames.Of($"{obj.Uid()}/{obj.ResourceVersion()}/{reason}/{message}", 16);
        var happened = KubeObject.New(Kinds.Event, obj.Namespace(), $"{obj.Name()}.{identity}");
        happened["involvedObject"] = new JsonObject
        {
            ["apiVersion"] = kind.ApiVersion,
            ["kind"] = kind.Kind,
            ["namespace"] = obj.Namespace(),
            ["name"] = obj.Name(),
            ["uid"] = obj.Uid(),
            ["resourceVersion"] = obj.ResourceVersion(),
        };
        happened["type"] = type;
        happened["reason"] = reason;
        happened["message"] = message;
        happened["source"] = new JsonObject { ["component"] = component };
        happened["firstTimestamp"] = KubeObject.Timestamp(now);
        happened["lastTimestamp"] = KubeObject.Timestamp(now);
        happened["count"] = 1;
        try
        {
            await client.CreateAsync(Kinds.Event, happened, ct);
        }
        catch (ClusterException e) when (e.IsAlreadyExists)
        {
            // A repeated step tells the same thing again.
        }
        catch (ClusterException e)
        {
            logger.EventLost(reason, ObjectKey.Of(obj), e);
        }
    }
}
