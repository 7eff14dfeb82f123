using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Scenario.Tests.Staging;

namespace CanaryFunctions.Scenario.Tests;

/// <summary>
/// A sample on the real server of what the core's tests do at every write: the function dies before or after a write of a release, its message comes again,
/// and nobody can tell by the outcome.
/// </summary>
public sealed class CrashTests
{
    private const int Samples = 12;

    [Fact]
    public async Task ReleaseWhoseFunctionsDie_EndsAsOneWhoseFunctionsDoNot()
    {
        using var killer = new Killer();
        await using var stage = await Stage.InitializedAsync(Analysis.Short, new() { Speed = 100, Client = new() { Handlers = [killer] } });
        await ToldAsync(stage, 1);

        killer.Arm(-1, after: false);
        var calm = await ReleaseAsync(stage, 0);
        var writes = killer.Writes;
        writes.ShouldBeGreaterThan(30);

        for (var sample = 1; sample <= Samples; sample++)
        {
            // Spread over the release; a release may take a few writes less than the first, so not up to the very end.
            var (at, after) = ((sample - 1) * (writes - 8) / (Samples - 1), sample % 2 == 0);
            killer.Arm(at, after);
            var crashed = await ReleaseAsync(stage, sample);

            var where = $"killed {(after ? "after" : "before")} write {at} of {writes}: {killer.Struck}";
            killer.Struck.ShouldNotBeNull(where);
            crashed.Objects.ShouldBe(calm.Objects, where);
            crashed.Events.ShouldBe(calm.Events, where);
            crashed.Alerts.Distinct().ShouldBe(calm.Alerts, where);
            crashed.Alerts.Count.ShouldBeInRange(calm.Alerts.Count, calm.Alerts.Count + (killer.LostARecord ? 1 : 0), where);
        }
    }

    private static async Task<Outcome> ReleaseAsync(Stage stage, int number)
    {
        var (chat, tag) = (stage.Chat.Count, $"5.0.{number}");
        var events = await stage.ReleaseAsync(tag, CanaryPhase.Succeeded);
        await ToldAsync(stage, 3 + (2 * number));
        return new(
            Objects(stage).Replace(tag, "TAG", StringComparison.Ordinal),
            events,
            [.. stage.Chat.Skip(chat).Select(m => $"{m.Service}: {m.Text}").Order(StringComparer.Ordinal)]);
    }

    // One alert of the initialization and two of each release, each to two chats, all recorded. The record is bounded, so its end has to do.
    private static Task ToldAsync(Stage stage, int alerts)
        => stage.UntilAsync(() => stage.Chat.DistinctBy(m => m).Count() > 0 && stage.Chat.Count >= 2 * alerts, $"{alerts} alerts come at both chats");

    private static string Objects(Stage stage)
    {
        var status = stage.Status;
        var specs = new[] { Kinds.Deployment, Kinds.Service, Kinds.Ingress }
            .SelectMany(kind => stage.Feed.Names(kind).Select(name => stage.Feed.Find(kind, name)!))
            .Select(o => $"{o.Text("kind")} {o.Name()} {Spec(o)} {o.Annotation("zalando.org/skipper-predicate")} {o.Annotation("zalando.org/backend-weights")}");
        return string.Join('\n', [$"{status.Phase} weight {status.CanaryWeight} failed {status.FailedChecks} promoted {status.LastPromotedSpec == status.LastAppliedSpec}", .. specs]);
    }

    // The run's id is in the template, and differs with every run.
    private static string Spec(JsonObject obj)
    {
        var spec = (JsonObject)obj["spec"]!.DeepClone();
        spec.ObjectAt("template", "metadata", "annotations")?.Remove("flagger-id");
        return spec.ToJsonString();
    }

    private sealed record Outcome(string Objects, IReadOnlyList<string> Events, IReadOnlyList<string> Alerts);
}
