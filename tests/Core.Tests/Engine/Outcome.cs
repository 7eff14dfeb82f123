using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Tests.Engine;

/// <summary>Everything about a world that a release leaves behind, as text, so that two worlds can be compared.</summary>
internal static class Outcome
{
    private const string AlertMark = "alert ";

    /// <summary>Status, objects, events with their counts, and alerts in the order in which they came.</summary>
    internal static string Of(World world)
    {
        var status = world.Status;
        var objects = new[] { Kinds.Deployment, Kinds.Service, FakeRouter.Route }
            .SelectMany(world.Cluster.PeekAll)
            .OrderBy(o => o.Text("kind") + o.Name(), StringComparer.Ordinal)
            .Select(o => $"{o.Text("kind")} {o.Name()} {WithoutRunId(o["spec"])}");
        return string.Join('\n',
        [
            $"{status.Phase} weight {status.CanaryWeight} failed {status.FailedChecks} routed {world.RoutedToCanary} outbox {status.Outbox.Count}",
            .. objects,
            .. world.Events,
            .. world.Cluster.PeekAll(Kinds.Event).Select(e => $"{e.Integer("count")} x {e.Text("message")}").Order(StringComparer.Ordinal),
            .. world.Alerts.Select(alert => $"{AlertMark}{alert}"),
        ]);
    }

    /// <summary>The outcomes are the same line by line, in the same order. How often pods were found unready depends on when one looks, so such lines may be left out.</summary>
    /// <param name="mayRepeatAlert">Somebody died between telling and recording it: the one moment that may tell twice.</param>
    internal static void ShouldMatch(string outcome, string calm, string why, bool withWaits = true, bool mayRepeatAlert = false)
    {
        var (lines, expected) = (Lines(outcome, withWaits), Lines(calm, withWaits));
        lines = mayRepeatAlert ? [.. lines.Where((line, i) => i == 0 || line != lines[i - 1] || !line.StartsWith(AlertMark, StringComparison.Ordinal))] : lines;
        var at = lines.Zip(expected).TakeWhile(pair => pair.First == pair.Second).Count();
        lines.Skip(at).Take(3).ShouldBe(expected.Skip(at).Take(3), $"{why}, from line {at} on");
    }

    private static List<string> Lines(string text, bool withWaits)
        => [.. text.Split('\n').Where(line => withWaits || !line.Contains("not ready: ", StringComparison.Ordinal))];

    // The run id has the run's start in it, which a crash puts off by a moment.
    private static string WithoutRunId(JsonNode? spec)
    {
        var copy = (JsonObject)spec!.DeepClone();
        copy.ObjectAt("template", "metadata", "annotations")?.Remove("flagger-id");
        return copy.ToJsonString();
    }
}
