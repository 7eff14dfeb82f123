using System.Globalization;
using CanaryFunctions.Cluster.Tests.RealParts;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Scenario.Tests.Guides;
using CanaryFunctions.Scenario.Tests.Staging;
using CanaryFunctions.TestKit.Programs;

namespace CanaryFunctions.Cluster.Tests.Faults;

/// <summary>One fault being done, with users who never stop and releases one after the other.</summary>
/// <param name="isWhole">All of it, as the report has it; else the little that every run of the tests has time for.</param>
internal sealed class FaultRun(Fault fault, RealCluster cluster, FaultStage stage, bool isWhole)
{
    private const int UsersPerSecond = 20;

    // In which the gateway learns by its watches of what is back.
    private static readonly TimeSpan Learning = TimeSpan.FromSeconds(2);

    private readonly List<CanaryPhase> _ends = [];
    private string? _lastRun;
    private TimeSpan _excused;

    internal RealCluster Cluster => cluster;

    internal FaultStage Stage => stage;

    /// <summary>Of the release that was begun last, or of what runs from the start.</summary>
    internal string Tag { get; private set; } = FaultStage.Guide.FirstTag;

    /// <summary>Tag that users get when all is over.</summary>
    internal string ServedTag { get; private set; } = FaultStage.Guide.FirstTag;

    internal IReadOnlyList<CanaryPhase> Ends => _ends;

    internal int Times(int brief, int whole) => isWhole ? whole : brief;

    /// <summary>Plays it and looks at what it left behind.</summary>
    internal async Task<FaultRow> PlayAsync()
    {
        var started = TimeProvider.System.GetTimestamp();
        var users = Traffic.Start(stage.UsersOf(FaultStage.Guide), perSecond: UsersPerSecond);
        var (what, problem) = ("", (string?)null);
        try
        {
            what = await fault.PlayAsync(this);
            what += await FaultChecks.CheckAsync(fault, this);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // One that ends badly must not cost the rows of the others.
            problem = e.ToString();
        }

        await users.DisposeAsync();
        if (users.Failures.Count > UsersPerSecond * _excused.TotalSeconds)
        {
            problem += string.Create(
                CultureInfo.InvariantCulture,
                $"\n{users.Failures.Count} requests unanswered, with no way to the application for {_excused.TotalSeconds:0.0} s: {string.Join("; ", users.Failures.Distinct().Take(5))}");
        }

        return new(fault.Name, what, EndsInWords(), users.Sent, users.Failures.Count, TimeProvider.System.GetElapsedTime(started), problem);
    }

    /// <summary><c>kubectl set image</c>.</summary>
    internal async Task BeginAsync()
    {
        _lastRun = stage.Status.RunId;
        Tag = string.Create(CultureInfo.InvariantCulture, $"9.{_ends.Count}.0");
        await stage.SetImageAsync(Tag);
    }

    /// <summary>A release whose canary has its first share of the users.</summary>
    internal async Task BeginAndShiftAsync()
    {
        await BeginAsync();
        await stage.WeightAsync(1);
    }

    /// <summary>Waits for the end of the release that was begun last.</summary>
    internal async Task EndAsync(CanaryPhase end = CanaryPhase.Succeeded)
    {
        await stage.UntilAsync(
            () => stage.Status is { NextStepAt: null, Outbox.Count: 0 } status && status.RunId != _lastRun && PhaseTransitions.IsAtRest(status.Phase), $"the release of {Tag} ends");
        stage.Status.Phase.ShouldBe(end, stage.Describe());
        _ends.Add(end);
        if (end == CanaryPhase.Succeeded)
        {
            ServedTag = Tag;
        }

        await FaultChecks.ToldAsync(this);
    }

    /// <summary>A release during which a part stands still (SIGSTOP).</summary>
    internal Task WithoutAsync(ChildProcess part, Func<Task> meanwhile) => WithoutAsync(
        () =>
        {
            part.Pause();
            return Task.CompletedTask;
        },
        meanwhile,
        () =>
        {
            part.Resume();
            return Task.CompletedTask;
        });

    /// <summary>A release during which something is away.</summary>
    internal async Task WithoutAsync(Func<Task> take, Func<Task> meanwhile, Func<Task> giveBack)
    {
        await BeginAndShiftAsync();
        await take();
        try
        {
            await meanwhile();
        }
        finally
        {
            await giveBack();
        }

        await EndAsync();
    }

    /// <summary>Leaves the gateway without a way to the application: requests may fail until it has one again, and at no other time.</summary>
    internal async Task ExcusedAsync(Func<Task> away)
    {
        var since = TimeProvider.System.GetTimestamp();
        await away();
        _excused += TimeProvider.System.GetElapsedTime(since) + Learning;
    }

    internal static Task PauseAsync(double seconds) => Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System);

    private string EndsInWords() => string.Join(", ", _ends.GroupBy(e => e).Select(g => $"{g.Count()} {(g.Key == CanaryPhase.Succeeded ? "promoted" : "rolled back")}"));
}
