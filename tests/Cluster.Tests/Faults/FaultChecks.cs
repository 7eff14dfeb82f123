using CanaryFunctions.Cli.Playground;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Scenario.Tests.Guides;
using CanaryFunctions.Scenario.Tests.Staging;

namespace CanaryFunctions.Cluster.Tests.Faults;

/// <summary>What has to be true after any fault: nothing is stuck, lost, or told twice.</summary>
internal static class FaultChecks
{
    private const string Initialization = "initialization completed";

    // Two chats, each told of every beginning and of every end.
    private const int Sorts = 4;

    // Seconds in which an alert that is under way arrives.
    private const double Settle = 5;

    /// <returns>What is worth telling besides.</returns>
    internal static async Task<string> CheckAsync(Fault fault, FaultRun run)
    {
        var stage = run.Stage;
        await stage.RestsAsync(run.Ends[^1]);
        await stage.RoutesAsync(FaultStage.Guide, 0);
        stage.ImageOf($"{Scene.App}-primary").ShouldEndWith($":{run.ServedTag}");
        await stage.UntilAsync(() => stage.Feed.Find(Kinds.Deployment, Scene.App).Integer("spec", "replicas") == 0, "the canary is scaled down");
        await stage.ShouldServeAsync(FaultStage.Guide, run.ServedTag);
        await EventsAsync(fault, run);
        return await AlertsAsync(fault, run);
    }

    // One object a run and message, counted up when it is said again.
    private static async Task EventsAsync(Fault fault, FaultRun run)
    {
        var stored = await run.Stage.Client.ListAsync(Kinds.Event, run.Stage.Place.Namespace, new(), CancellationToken.None);
        foreach (var (beginning, count) in Milestones(run))
        {
            var told = stored.Items.Where(e => e.Text("message")!.StartsWith(beginning, StringComparison.Ordinal)).ToList();
            told.Sum(e => e.Integer("count") ?? 1).ShouldBe(fault.HasEvents ? count : 0, beginning);
        }
    }

    private static IEnumerable<(string Beginning, int Count)> Milestones(FaultRun run) =>
    [
        ("New revision detected!", run.Ends.Count),
        ("Promotion completed!", run.Ends.Count(e => e == CanaryPhase.Succeeded)),
        ("Canary failed!", run.Ends.Count(e => e == CanaryPhase.Failed)),
    ];

    /// <summary>Waits until both chats were told of the beginning and of the end of each release.</summary>
    internal static Task ToldAsync(FaultRun run)
        => run.Stage.UntilAsync(() => Lost(run) == 0, $"both chats are told of {run.Ends.Count} releases; so far: {string.Join(", ", Alerts(run).Select(a => $"{a.Service}: {a.Text}"))}");

    private static async Task<string> AlertsAsync(Fault fault, FaultRun run)
    {
        if (fault.Kills)
        {
            await FaultRun.PauseAsync(Settle);
        }

        var (all, surplus, lost) = (Sorts * run.Ends.Count, Surplus(run), Lost(run));
        if (!fault.Kills)
        {
            lost.ShouldBe(0);
            surplus.ShouldBe(0, "alerts that came twice");
        }

        return surplus + lost > 0 ? $"; of {all} alerts {surplus} came twice and {lost} not at all" : "";
    }

    private static int Surplus(FaultRun run) => Told(run).Sum(count => Math.Max(0, count - run.Ends.Count));

    private static int Lost(FaultRun run) => Sorts * run.Ends.Count - Told(run).Sum(count => Math.Min(count, run.Ends.Count));

    // Releases of one fault end alike, so of the four sorts of alerts there is one for each release.
    private static IEnumerable<int> Told(FaultRun run) => Alerts(run).GroupBy(a => (a.Service, a.Text)).Select(g => g.Count());

    private static IEnumerable<ChatMessage> Alerts(FaultRun run) => run.Stage.Chat.Where(m => !m.Text.Contains(Initialization, StringComparison.Ordinal));
}
