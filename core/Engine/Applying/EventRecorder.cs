using System.Globalization;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Core.Engine.Applying;

/// <summary>
/// Kubernetes events about a Canary. Each message of a run is one Event object, named by what it says; said again it counts up. The step that was counted
/// last stands in the Event, so that saying it again for the same step, or by somebody late, counts nothing.
/// </summary>
public sealed class EventRecorder(IClusterClient cluster, ILogger<EventRecorder> logger)
{
    private const string StepAnnotation = "canary-functions.io/step";
    private const string StartedByAnnotation = "canary-functions.io/started-by";
    private const string Component = "canary-functions";
    private const int Tries = 5;
    private const int TooMany = 429;

    /// <summary>False when it had been recorded before.</summary>
    public async Task<bool> RecordAsync(Canary canary, OutboxEntry entry, CancellationToken ct)
    {
        try
        {
            return await RecordOrThrowAsync(canary, entry, ct).ConfigureAwait(false);
        }
        catch (ClusterException e) when ((!e.IsTransient || e.StatusCode == TooMany) && !e.IsConflict)
        {
            // A full quota, a rate limit for events or a missing right must not hold a release; the log has the event all the same.
            logger.EventRefused(canary.Key, entry.Message, e.Message);
            return true;
        }
    }

    private async Task<bool> RecordOrThrowAsync(Canary canary, OutboxEntry entry, CancellationToken ct)
    {
        var name = NameOf(canary, entry);
        JsonObject? existing = null;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                // Most of what is said is news: to try that first costs one request instead of two.
                if (existing is null)
                {
                    await cluster.CreateAsync(Kinds.Event, New(canary, entry, name), ct).ConfigureAwait(false);
                    return true;
                }

                if (CountedStep(existing) >= entry.Step)
                {
                    return false;
                }

                await cluster.ReplaceAsync(Kinds.Event, CountedUp(existing, entry), ct).ConfigureAwait(false);
                return true;
            }
            catch (ClusterException e) when (e.IsConflict && attempt < Tries)
            {
                // It was said before, or another delivery of the same step was quicker: look at what is there.
                existing = await cluster.GetAsync(new(Kinds.Event, canary.Namespace, name), ct).ConfigureAwait(false);
            }
        }
    }

    private static string NameOf(Canary canary, OutboxEntry entry)
        => $"{canary.Key.Name}.{RunIds.Short($"{canary.Uid}/{canary.Status.RunId}/{entry.Reason}/{entry.Message}")}";

    private static long CountedStep(JsonObject existing)
        => long.TryParse(existing.Annotation(StepAnnotation), CultureInfo.InvariantCulture, out var step) ? step : 0;

    private static JsonObject CountedUp(JsonObject existing, OutboxEntry entry)
    {
        var counted = existing.Copy();
        counted["count"] = (existing.Integer("count") ?? 1) + 1;
        counted["lastTimestamp"] = KubeObject.MicroTimestamp(entry.At);
        counted.Metadata().Section("annotations")[StepAnnotation] = entry.Step.ToString(CultureInfo.InvariantCulture);
        return counted;
    }

    // The message is the contract's, so whose write began the run stands beside it.
    private static JsonObject Annotations(Canary canary, OutboxEntry entry)
    {
        var annotations = new JsonObject { [StepAnnotation] = entry.Step.ToString(CultureInfo.InvariantCulture) };
        if (canary.Status.StartedBy is { } user)
        {
            annotations[StartedByAnnotation] = user;
        }

        return annotations;
    }

    private static JsonObject New(Canary canary, OutboxEntry entry, string name)
    {
        var json = KubeObject.New(Kinds.Event, canary.Namespace, name);
        json.Metadata()["annotations"] = Annotations(canary, entry);
        json["involvedObject"] = new JsonObject
        {
            ["apiVersion"] = Kinds.Canary.ApiVersion,
            ["kind"] = Kinds.Canary.Kind,
            ["name"] = canary.Key.Name,
            ["namespace"] = canary.Namespace,
            ["uid"] = canary.Uid,
            ["resourceVersion"] = canary.ResourceVersion,
        };
        json["reason"] = entry.Reason;
        json["message"] = entry.Message;
        json["type"] = entry.IsWarning ? "Warning" : "Normal";
        json["source"] = new JsonObject { ["component"] = Component };
        json["reportingComponent"] = Component;
        json["reportingInstance"] = "";

        // kubectl sorts by these. An API server that keeps whole seconds drops the rest.
        json["firstTimestamp"] = KubeObject.MicroTimestamp(entry.At);
        json["lastTimestamp"] = KubeObject.MicroTimestamp(entry.At);
        json["count"] = 1;
        return json;
    }
}
