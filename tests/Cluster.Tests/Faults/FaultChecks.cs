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
        await ToldAsync(run);
        return Repeated(fault, run);
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

    private static string Repeated(Fault fault, FaultRun run)
    {
        var surplus = Surplus(run);
        if (!fault.Kills)
        {
            surplus.ShouldBe(0, "alerts that came twice");
        }

        return surplus > 0 ? $"; of {Sorts * run.Ends.Count} alerts {surplus} came twice" : "";
    }

    private static int Surplus(FaultRun run) => Told(run).Sum(sort => Math.Max(0, sort.Count - sort.Due));

    private static int Lost(FaultRun run) => Told(run).Sum(sort => Math.Max(0, sort.Due - sort.Count));

    private static IEnumerable<(int Count, int Due)> Told(FaultRun run) =>
        from service in (string[])["Slack", "Teams"]
        from end in (CanaryPhase?[])[null, CanaryPhase.Succeeded, CanaryPhase.Failed]
        select (Alerts(run).Count(a => a.Service == service && EndOf(a) == end), end is null ? run.Ends.Count : run.Ends.Count(e => e == end));

    // Null: the beginning of a release.
    private static CanaryPhase? EndOf(ChatMessage alert)
        => alert.Text.StartsWith("New revision", StringComparison.Ordinal) ? null
            : alert.Text.EndsWith("promotion finished.", StringComparison.Ordinal) ? CanaryPhase.Succeeded
            : CanaryPhase.Failed;

    private static IEnumerable<ChatMessage> Alerts(FaultRun run) => run.Stage.Chat.Where(m => !m.Text.Contains(Initialization, StringComparison.Ordinal));
}
