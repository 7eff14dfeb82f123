using System.Globalization;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Workers.Tests.Staging;

/// <summary>Reads one release's history and says what is wrong with it. Pure.</summary>
internal static class ReleaseAudit
{
    // What is told, and that it was told, is written beside the step that decided it.
    private static readonly string[] Beside = ["outbox", "deliveries", "claims"];

    /// <param name="canary">All versions of the Canary.</param>
    internal static IEnumerable<string> OfCanary(string name, IReadOnlyList<JsonObject> canary, bool isGood)
    {
        var states = canary.Select(c => (Canary.From(c).Status, Decided: Decided(c))).ToList();
        foreach (var (before, after) in states.Zip(states.Skip(1)))
        {
            if (after.Status.Step != before.Status.Step && after.Status.Step != before.Status.Step + 1)
            {
                yield return $"{name}: step {before.Status.Step} was followed by step {after.Status.Step}";
            }

            if (after.Status.Step == before.Status.Step && after.Status.Step > 0 && Difference(before.Decided, after.Decided) is { Length: > 0 } difference)
            {
                yield return $"{name}: step {after.Status.Step} was done twice: {difference}";
            }

            if (!PhaseTransitions.IsAllowed(before.Status.Phase, after.Status.Phase))
            {
                yield return $"{name}: step {after.Status.Step} went from {before.Status.Phase} to {after.Status.Phase}";
            }
        }

        var steps = states.Select(s => s.Status).ToList();
        var runs = steps.Select(s => s.RunId).OfType<string>().Distinct().Count();
        if (runs != 1)
        {
            yield return $"{name}: {runs} runs instead of one";
        }

        var entered = steps.Zip(steps.Skip(1)).Where(s => s.First.Phase != s.Second.Phase).Select(s => s.Second.Phase).ToList();
        CanaryPhase[] good = [CanaryPhase.Initializing, CanaryPhase.Initialized, CanaryPhase.Progressing, CanaryPhase.Promoting, CanaryPhase.Finalising, CanaryPhase.Succeeded];
        CanaryPhase[] expected = isGood ? good : [.. good[..3], CanaryPhase.Failed];
        if (!entered.SequenceEqual(expected))
        {
            yield return $"{name}: phases {string.Join(", ", entered)} instead of {string.Join(", ", expected)}";
        }

        foreach (var problem in OfWeights(name, "status", steps.Select(s => s.CanaryWeight)))
        {
            yield return problem;
        }

        if (steps[^1] is { Outbox.Count: > 0 } or { Claims.Count: > 0 } or { NextStepAt: not null })
        {
            yield return $"{name}: still has to tell {steps[^1].Outbox.Count}, is telling {steps[^1].Claims.Count}, next step at {steps[^1].NextStepAt:O}";
        }
    }

    /// <summary>Up by the ladder, each rung once, and down in one go.</summary>
    internal static IEnumerable<string> OfWeights(string name, string where, IEnumerable<int> weights)
    {
        var changes = weights.Aggregate(new List<int> { 0 }, (seen, weight) => seen[^1] == weight ? seen : [.. seen, weight]);
        int[] expected = [0, .. Fleet.WeightsOf(name), 0];
        if (!changes.SequenceEqual(expected))
        {
            yield return $"{name}: weights in the {where} {string.Join(", ", changes)} instead of {string.Join(", ", expected)}";
        }
    }

    /// <param name="primary">All versions of the primary.</param>
    /// <param name="target">All versions of the target.</param>
    internal static IEnumerable<string> OfDeployments(string name, IReadOnlyList<JsonObject> primary, IReadOnlyList<JsonObject> target, bool isGood)
    {
        string[] images = isGood ? [Fleet.OldImage, Fleet.NewImage] : [Fleet.OldImage];
        var seen = Changes(primary.Select(d => Fleet.ImageOf(d)!));
        if (!seen.SequenceEqual(images))
        {
            yield return $"{name}-primary: images {string.Join(", ", seen)} instead of {string.Join(", ", images)}";
        }

        var templates = Changes(primary.Select(d => d.At("spec", "template")!.ToJsonString())).Count;
        if (templates != images.Length)
        {
            yield return $"{name}-primary: {templates} templates instead of {images.Length}";
        }

        // Up for the bootstrap, up for the release, down after each.
        var replicas = Changes(target.Select(d => d.Integer("spec", "replicas")!.Value.ToString(CultureInfo.InvariantCulture)));
        if (!replicas.SequenceEqual(["1", "0", "1", "0"]))
        {
            yield return $"{name}: replicas {string.Join(", ", replicas)} instead of 1, 0, 1, 0";
        }

        if (primary[^1].Integer("spec", "replicas") != 1 || (primary[^1].Integer("status", "readyReplicas") ?? 0) != 1)
        {
            yield return $"{name}-primary: {(primary[^1].Integer("status", "readyReplicas") ?? 0)} of {primary[^1].Integer("spec", "replicas")} pods are ready";
        }
    }

    /// <summary>Events are counted, so one that was counted twice shows.</summary>
    internal static IEnumerable<string> OfEvents(string name, IEnumerable<JsonObject> events, bool isGood)
    {
        string[] once =
        [
            "Initialization done!", "New revision detected!", "Starting canary analysis",
            .. isGood ? (string[])["Copying ", "Routing all traffic to primary", "Promotion completed!"] : ["Rolling back ", "Canary failed!"],
            .. Fleet.WeightsOf(name).Select(w => $"Advance {name}.{Fleet.Namespace} canary weight {w}"),
        ];
        var counted = events.Select(e => (Text: e.Text("message")!, Count: e.Integer("count") ?? 0)).ToList();
        foreach (var text in once)
        {
            var count = counted.Where(e => e.Text.StartsWith(text, StringComparison.Ordinal)).Sum(e => e.Count);
            if (count != 1)
            {
                yield return $"{name}: event '{text}' was counted {count} times";
            }
        }
    }

    private static List<string> Changes(IEnumerable<string> values)
        => values.Aggregate(new List<string>(), (seen, value) => seen.Count > 0 && seen[^1] == value ? seen : [.. seen, value]);

    private static string Difference(JsonObject before, JsonObject after)
        => string.Join(", ", before.Select(f => f.Key).Union(after.Select(f => f.Key))
            .Where(field => !JsonNode.DeepEquals(before[field], after[field]))
            .Select(field => $"{field} {before[field]?.ToJsonString()} and {after[field]?.ToJsonString()}"));

    private static JsonObject Decided(JsonObject canary)
    {
        var status = canary.ObjectAt("status")?.Copy() ?? [];
        foreach (var field in Beside)
        {
            status.Remove(field);
        }

        return status;
    }
}
