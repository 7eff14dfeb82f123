using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;

namespace CanaryFunctions.Webhook.Tests.Scaling;

/// <summary>Canaries in the states that matter to scaling.</summary>
internal static class Works
{
    /// <summary>A Canary that was looked at, with target generation 1.</summary>
    public static JsonObject Canary(CanaryPhase phase, CanaryStatus? status = null, string name = "podinfo", string ns = "test")
    {
        var canary = Reviews.Canary(name);
        canary["metadata"]!["namespace"] = ns;
        canary["metadata"]!["generation"] = 1;
        canary["status"] = ((status ?? new()) with { Phase = phase, ObservedGeneration = 1, TargetGeneration = 1 }).ToJson();
        return canary;
    }

    public static JsonObject Edited(this JsonObject canary)
    {
        canary["metadata"]!["generation"] = 2;
        return canary;
    }

    public static JsonObject BeingDeleted(this JsonObject canary)
    {
        canary["metadata"]!["deletionTimestamp"] = "2026-11-21T09:00:00Z";
        return canary.Edited();
    }

    public static JsonObject Suspended(this JsonObject canary)
    {
        canary["spec"]!["suspend"] = true;
        return canary;
    }

    public static CanaryStatus With(string condition, string value)
        => new() { Conditions = Condition.Set([], condition, value, "Reason", "text", DateTimeOffset.UnixEpoch) };

    public static CanaryStatus Telling(int notices) => new() { Outbox = [.. Enumerable.Range(0, notices).Select(i => new OutboxEntry(1, i, OutboxKind.Event, ""))] };
}
