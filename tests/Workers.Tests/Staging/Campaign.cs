using System.Globalization;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Workers.Tests.Queues;
using Xunit.Abstractions;

namespace CanaryFunctions.Workers.Tests.Staging;

/// <summary>
/// Four worker processes, one queue, one embedded cluster, many releases at once. Workers are killed, messages come twice, late and in another order, the queue
/// refuses for a while; every release still ends as it should, and nothing is done or told twice.
/// </summary>
internal sealed class Campaign : IAsyncDisposable
{
    private const double Speed = 20;
    private const int WorkerCount = 4;

    // Wall clock; only a campaign that fails takes so long.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(2);

    private readonly IMeddledQueue _queue;
    private readonly CampaignOptions _options;
    private readonly ITestOutputHelper _output;
    private readonly IReadOnlyList<string> _names;
    private readonly DateTimeOffset _begun = TimeProvider.System.GetUtcNow();
    private Receivers _receivers = null!;
    private SmallCluster _cluster = null!;
    private WorkerPool _workers = null!;
    private History _history = null!;
    private ResourceKind _split = null!;
    private ResourceKind _service = null!;

    private Campaign(IMeddledQueue queue, CampaignOptions options, ITestOutputHelper output)
        => (_queue, _options, _output, _names) = (queue, options, output, Fleet.Names(options.Releases));

    internal static async Task RunAsync(IMeddledQueue queue, CampaignOptions options, ITestOutputHelper output)
    {
        await using var campaign = new Campaign(queue, options, output);
        await campaign.StartAsync();
        await campaign.BootstrapAsync();
        await campaign.ReleaseAsync();
        await campaign.AuditAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await (_workers?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_history?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_cluster?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_receivers?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _queue.DisposeAsync();
    }

    private async Task StartAsync()
    {
        _receivers = await Receivers.StartAsync(PassesAsync);
        _cluster = await SmallCluster.StartAsync();
        var kinds = await _cluster.Client.ServedKindsAsync(CancellationToken.None);
        (_split, _service) = (kinds.FindAll("split.smi-spec.io", "TrafficSplit").Single(k => k.Version == "v1alpha1"), kinds.Find("traefik.containo.us", "TraefikService")!);
        _history = new(_cluster.Client, [Kinds.Canary, Kinds.Deployment, _split, _service]);
        _workers = new(WorkerCount, _cluster.Kubeconfig, Settings);
    }

    private async Task BootstrapAsync()
    {
        await Task.WhenAll(_names.Select(name => Fleet.CreateAsync(_cluster.Client, name, _receivers.CheckUrl, CancellationToken.None)));
        _workers.StartAll();
        await UntilAsync(() => _names.All(n => StatusOf(n) is { Phase: CanaryPhase.Initialized, Outbox.Count: 0 }), "every Canary is initialized");
        Tell($"{_names.Count} Canaries initialized");
    }

    private async Task ReleaseAsync()
    {
        await Task.WhenAll(_names.Select(name => Fleet.SetImageAsync(_cluster.Client, name, CancellationToken.None)));
        Tell($"{_names.Count} images set");
        await Task.WhenAll(KillAsync(), RefuseAsync());
        Tell($"{_workers.Kills.Count} workers killed");
        await UntilAsync(() => _names.All(n => StatusOf(n) is { Phase: CanaryPhase.Succeeded or CanaryPhase.Failed, NextStepAt: null, Outbox.Count: 0 }), "every release is at its end");
        Tell("every release is at its end");
        await UntilAsync(async () => (await _queue.LeftAsync()).Count == 0, "the queues are empty");
        Tell("the queues are empty");
    }

    private async Task KillAsync()
    {
        var random = new Random(_options.Seed);
        for (var kill = 0; kill < _options.Kills; kill++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(200, 1400)), TimeProvider.System);
            await _workers.KillAsync(random.Next(WorkerCount));
        }
    }

    private async Task RefuseAsync()
    {
        for (var outage = 0; outage < _options.Outages; outage++)
        {
            await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System);
            _queue.IsBusy = true;
            await Task.Delay(Outage, TimeProvider.System);
            _queue.Line.Cut();
            _queue.IsBusy = false;
            await Task.Delay(Outage, TimeProvider.System);
            _queue.Line.Mend();
        }
    }

    private async Task AuditAsync()
    {
        var ends = _names.Select(n => (Name: n, StatusOf(n).Phase)).ToList();
        var events = (await _cluster.Client.ListAsync(Kinds.Event, Fleet.Namespace, new(), CancellationToken.None)).Items.ToLookup(e => e.Text("involvedObject", "name"));
        var exits = await _workers.StopAllAsync();
        Figures();

        List<string> problems = [.. _names.SelectMany(name => Problems(name, [.. events[name]]))];
        problems.ShouldBeEmpty($"seed {_options.Seed}");
        ends.Count(e => e.Phase == CanaryPhase.Succeeded).ShouldBe(_names.Count(Fleet.IsGood));
        ends.Count(e => e.Phase == CanaryPhase.Failed).ShouldBe(_names.Count(n => !Fleet.IsGood(n)));
        _history.Gaps.ShouldBe(0, "a history with gaps proves nothing");
        _workers.Kills.Count.ShouldBe(_options.Kills);
        _cluster.Refusals.ShouldBeEmpty();
        exits.ShouldAllBe(code => code == 0);
        (await _queue.LeftAsync()).ShouldBeEmpty("nothing stays in flight");
    }

    private IEnumerable<string> Problems(string name, IReadOnlyList<JsonObject> events)
    {
        var (canary, isGood) = (_history.Of(Kinds.Canary, name), Fleet.IsGood(name));
        var route = _history.Of(Fleet.IsTraefik(name) ? _service : _split, name);
        return
        [
            .. ReleaseAudit.OfCanary(name, [.. canary.Select(v => v.Object)], isGood),
            .. ReleaseAudit.OfWeights(name, "routes", route.Select(v => Fleet.WeightOf(v.Object))),
            .. ReleaseAudit.OfDeployments(
                name, [.. _history.Of(Kinds.Deployment, $"{name}-primary").Select(v => v.Object)], [.. _history.Of(Kinds.Deployment, name).Select(v => v.Object)], isGood),
            .. ReleaseAudit.OfEvents(name, events, isGood),
            .. AlertAudit.Of(name, canary, [.. _receivers.Posts.Where(p => p.Canary == $"{name}.{Fleet.Namespace}")], _workers.Kills),
        ];
    }

    private void Figures()
    {
        var took = (TimeProvider.System.GetUtcNow() - _begun).TotalSeconds;
        var steps = _names.Sum(n => StatusOf(n).Step);
        var again = _receivers.Posts.Count - _receivers.Posts.Select(p => (p.Canary, p.Text)).Distinct().Count();
        Tell(string.Create(CultureInfo.InvariantCulture, $"""
            {_queue.Name}: {_names.Count} releases, {_names.Count(n => !Fleet.IsGood(n))} of them bad, {WorkerCount} workers, {_workers.Kills.Count} killed, seed {_options.Seed}
            messages: {_queue.Meddler.Sent} sent, {_queue.Meddler.Doubled} doubled, {_queue.Meddler.Delayed} put late; refused for {_options.Outages * 2 * Outage.TotalSeconds:0} s
            API server: {_cluster.Requests} requests of workers, {_cluster.Writes} of them writes, {_cluster.Conflicts} conflicts
            {steps} steps in {took:0.0} s, {steps / took:0} a second; {_receivers.Checks} checks; {_receivers.Posts.Count} alerts, {again} told again after a kill
            """));
    }

    private void Tell(string text) => _output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(TimeProvider.System.GetUtcNow() - _begun).TotalSeconds,6:0.0} s  {text}"));

    private CanaryStatus StatusOf(string name) => _history.Latest(Kinds.Canary, name) is { } canary ? Canary.From(canary).Status : new();

    // What is wrong shows at the second weight, once that is recorded: a step that is cut off behind its route hears the same when it is taken again.
    private async Task<bool> PassesAsync(string name) => Fleet.IsGood(name)
        || (await _cluster.Client.GetAsync(new(Kinds.Canary, Fleet.Namespace, name), CancellationToken.None) is { } canary
            && Canary.From(canary).Status.CanaryWeight < Fleet.Weights[1]);

    private Dictionary<string, string> Settings(string worker) => new(_queue.Settings)
    {
        ["SPEED"] = Speed.ToString(CultureInfo.InvariantCulture),
        ["SLACK_URL"] = _receivers.ChatUrl(worker),
        ["KUBECONFIG"] = "",
        ["NO_PROXY"] = "127.0.0.1",
    };

    private Task UntilAsync(Func<bool> condition, string what) => UntilAsync(() => Task.FromResult(condition()), what);

    private async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        for (var end = TimeProvider.System.GetUtcNow() + Limit; !await condition(); await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System))
        {
            if (TimeProvider.System.GetUtcNow() > end)
            {
                Assert.Fail($"Not so within {Limit.TotalSeconds} s: {what}.\n{string.Join('\n', await DescribeAsync())}");
            }
        }
    }

    private async Task<IReadOnlyList<string>> DescribeAsync() =>
    [
        .. (await _queue.LeftAsync()).Select(q => $"{q.Key}: {q.Value}"),
        .. _names.Select(n => (Name: n, Status: StatusOf(n)))
            .Where(n => n.Status is not { Phase: CanaryPhase.Succeeded or CanaryPhase.Failed, NextStepAt: null, Outbox.Count: 0 })
            .Select(n => $"{n.Name}: {n.Status.Phase} step {n.Status.Step} weight {n.Status.CanaryWeight} next {n.Status.NextStepAt:O} outbox {n.Status.Outbox.Count}"),
        .. _workers.Log().TakeLast(40),
    ];
}
