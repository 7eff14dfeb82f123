using CanaryFunctions.Cli.Output;
using CanaryFunctions.Core;
using CanaryFunctions.Core.Canaries;

namespace CanaryFunctions.Cli.Scenarios;

/// <summary>The guide, played: apply its objects, set a good image, set a bad one.</summary>
internal sealed class Demo(Playground.Playground playground, ReleaseFeed feed, Narrator narrator, GuideScript script, double speed)
{
    // As `hey -c 2 -q 10` and `hey -c 5 -q 5`.
    private const double UsersPerSecond = 20;
    private const double FailingPerSecond = 25;

    private static readonly CanaryKey Key = new("test", "podinfo");

    // Wall clock. A release takes 2 to 6 minutes nominal; a machine under load gets some more.
    private readonly TimeSpan _limit = TimeSpan.FromSeconds(30) + (TimeSpan.FromMinutes(12) / speed);

    internal async Task<bool> RunAsync(string scenario, CancellationToken ct)
    {
        narrator.Note($"embedded cluster at {playground.Cluster.ApiServer.Address}, gateway at {playground.Cluster.GatewayUri}, {speed:0.##} times faster than the clock");
        if (!await BootstrapAsync(ct))
        {
            return false;
        }

        var promoted = scenario == "rollback" || await PromoteAsync(ct);
        var rolledBack = scenario == "promote" || await RollBackAsync(ct);
        if (promoted && rolledBack)
        {
            narrator.Success("the demo ended as it should");
        }

        return promoted && rolledBack;
    }

    private async Task<bool> BootstrapAsync(CancellationToken ct)
    {
        narrator.Title("1. The guide's objects");
        narrator.Command($"kubectl apply -f examples/{Guides.FolderOf(script.Provider)}");
        var user = new UserCommands(playground.Client, TimeProvider.System);
        foreach (var applied in await user.ApplyAsync(Guides.Objects(script.Provider), ct))
        {
            narrator.Note(applied);
        }

        return await EndsAsync(CanaryPhase.Initialized, ct);
    }

    private async Task<bool> PromoteAsync(CancellationToken ct)
    {
        narrator.Title("2. A good revision is promoted");
        await using var users = await StartAsync(script.Users, UsersPerSecond, ct);
        return await ReleaseAsync(script.GoodTag, ct) && await EndsAsync(CanaryPhase.Succeeded, ct) && Saw("Routing all traffic to primary", "Promotion completed!");
    }

    private async Task<bool> RollBackAsync(CancellationToken ct)
    {
        narrator.Title("3. A bad revision is halted and rolled back");
        await using var users = await StartAsync(script.Users, UsersPerSecond, ct);
        if (!await ReleaseAsync(script.BadTag, ct) || !await feed.WaitAsync(() => feed.Find(Key)?.Status.CanaryWeight >= 10, _limit, ct))
        {
            return false;
        }

        await using var failing = await StartAsync(script.Failing, FailingPerSecond, ct);
        return await EndsAsync(CanaryPhase.Failed, ct) && Saw("Halt ", "Rolling back ", "Canary failed!");
    }

    private async Task<SteadyRequests?> StartAsync(GuideRequests? requests, double perSecond, CancellationToken ct)
    {
        if (requests is null)
        {
            return null;
        }

        narrator.Command(requests.Command);
        var proxy = await playground.Cluster.Proxies.ForNamespaceAsync(Key.Namespace, ct);
        return SteadyRequests.Start(proxy, new Uri(requests.Url), perSecond * speed, TimeProvider.System);
    }

    private async Task<bool> ReleaseAsync(string tag, CancellationToken ct)
    {
        var image = $"{script.Image}:{tag}";
        narrator.Command($"kubectl -n test set image deployment/podinfo podinfod={image}");
        var before = feed.Events.Count;
        var answered = await new UserCommands(playground.Client, TimeProvider.System).SetImageAsync("test", "podinfo", "podinfod", image, ct);
        if (!await feed.WaitAsync(() => Detection(before) is not null, _limit, ct))
        {
            narrator.Failure($"{image} was not detected");
            return false;
        }

        narrator.Note($"detected {(Detection(before)!.At - answered).TotalMilliseconds:0} ms after the reply to `set image`");
        return true;
    }

    private SeenEvent? Detection(int before)
        => feed.Events.Skip(before).FirstOrDefault(e => e.Message.StartsWith("New revision detected!", StringComparison.Ordinal));

    private async Task<bool> EndsAsync(CanaryPhase phase, CancellationToken ct)
    {
        if (await feed.WaitAsync(() => feed.Find(Key) is { Status: { NextStepAt: null } status } && status.Phase == phase && status.Outbox.Count == 0, _limit, ct))
        {
            return true;
        }

        narrator.Failure($"{Key} is {feed.Find(Key)?.Status.Phase.ToString() ?? "gone"} after {_limit.TotalSeconds:0} s; it should be {phase}");
        return false;
    }

    private bool Saw(params string[] beginnings)
    {
        var missing = beginnings.Where(b => !feed.Events.Any(e => e.Message.StartsWith(b, StringComparison.Ordinal))).ToList();
        foreach (var beginning in missing)
        {
            narrator.Failure($"no event began with '{beginning}'");
        }

        return missing.Count == 0;
    }
}
