using CanaryFunctions.Cli.Output;
using CanaryFunctions.Core;
using CanaryFunctions.Core.Canaries;

namespace CanaryFunctions.Cli.Scenarios;

/// <summary>The guide, played: apply its objects, set a good image, set a bad one.</summary>
internal sealed class Demo(Playground.Playground playground, ReleaseFeed feed, Narrator narrator, string provider, double speed)
{
    private const string GoodImage = "stefanprodan/podinfo:4.0.6";
    private const string BadImage = "stefanprodan/podinfo:4.0.7";

    private static readonly CanaryKey Key = new("test", "podinfo");

    // Wall clock. A release takes about 2 minutes nominal; a machine under load gets some more.
    private readonly TimeSpan _limit = TimeSpan.FromSeconds(30) + (TimeSpan.FromMinutes(6) / speed);

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
        narrator.Command($"kubectl apply -f examples/{provider}");
        var user = new UserCommands(playground.Client, TimeProvider.System);
        foreach (var applied in await user.ApplyAsync(Guides.Objects(provider), ct))
        {
            narrator.Note(applied);
        }

        return await EndsAsync(CanaryPhase.Initialized, ct);
    }

    private async Task<bool> PromoteAsync(CancellationToken ct)
    {
        narrator.Title("2. A good revision is promoted");
        return await ReleaseAsync(GoodImage, ct) && await EndsAsync(CanaryPhase.Succeeded, ct) && Saw("Routing all traffic to primary", "Promotion completed!");
    }

    private async Task<bool> RollBackAsync(CancellationToken ct)
    {
        narrator.Title("3. A bad revision is halted and rolled back");
        if (!await ReleaseAsync(BadImage, ct) || !await feed.WaitAsync(() => feed.Find(Key)?.Status.CanaryWeight >= 10, _limit, ct))
        {
            return false;
        }

        narrator.Command("hey -z 1m -c 5 -q 5 -host app.example.com http://GATEWAY/status/500");
        await using var failing = FailingRequests.Start(playground.Cluster.GatewayUri, "app.example.com", perSecond: 25 * speed, TimeProvider.System);
        return await EndsAsync(CanaryPhase.Failed, ct) && Saw("Halt ", "Rolling back ", "Canary failed!");
    }

    private async Task<bool> ReleaseAsync(string image, CancellationToken ct)
    {
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
