using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Scenario.Tests.Staging;

namespace CanaryFunctions.Scenario.Tests;

/// <summary>
/// A sample on the real server of what the core's tests do at every write: the function dies before or after a write of a release, its message comes again,
/// and nobody can tell by the outcome.
/// </summary>
[Collection(nameof(Unmeasured))]
public sealed class CrashTests
{
    private const int Samples = 12;

    [Fact]
    public async Task ReleaseWhoseFunctionsDie_EndsAsOneWhoseFunctionsDoNot()
    {
        using var killer = new Killer();
        await using var stage = await Stage.InitializedAsync(Analysis.Short, new() { Speed = 100, Client = new() { Handlers = [killer] } });
        await stage.UntilAsync(() => stage.Chat.Count == 2, "both chats are told of the initialization");

        var calm = await ReleaseAsync(stage, killer, at: -1, after: false);
        var writes = killer.Writes;
        writes.ShouldBeGreaterThan(30);

        for (var sample = 1; sample <= Samples; sample++)
        {
            // How often pods are waited for differs, and with it the number of writes: near the end an earlier write may have to do.
            var (at, after) = (sample * writes / (Samples + 1), sample % 2 == 0);
            var crashed = await ReleaseAsync(stage, killer, at, after);
            for (; killer.Struck is null; at -= 4)
            {
                crashed.ShouldBeEquivalentTo(calm);
                crashed = await ReleaseAsync(stage, killer, at - 4, after);
            }

            var where = $"killed {(after ? "after" : "before")} write {at} of {writes}: {killer.Struck}";
            crashed.Objects.ShouldBe(calm.Objects, where);
            crashed.Events.ShouldBe(calm.Events, where);
            crashed.Alerts.Distinct().ShouldBe(calm.Alerts, where);
            crashed.Alerts.Count.ShouldBe(4 + (killer.LostARecord ? 1 : 0), where);
        }
    }

    private static async Task<Outcome> ReleaseAsync(Stage stage, Killer killer, int at, bool after)
    {
        var (chat, tag) = (stage.Chat.Count, $"5.0.{stage.Feed.Events.Count}");
        killer.Arm(at, after);
        var events = await stage.ReleaseAsync(tag, CanaryPhase.Succeeded);

        // Only who was told and not recorded is told again.
        await stage.UntilAsync(() => stage.Chat.Count >= chat + 4 + (killer.LostARecord ? 1 : 0), "two alerts come at two chats");
        return new(
            Objects(stage).Replace(tag, "TAG", StringComparison.Ordinal),
            events,
            [.. stage.Chat.Skip(chat).Select(m => $"{m.Service}: {m.Text}").Order(StringComparer.Ordinal)]);
    }

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
