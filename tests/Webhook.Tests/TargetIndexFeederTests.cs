using CanaryFunctions.Core;
using CanaryFunctions.Core.Admission;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.TestKit;
using CanaryFunctions.Webhook.Index;
using Microsoft.Extensions.Logging.Abstractions;

namespace CanaryFunctions.Webhook.Tests;

public sealed class TargetIndexFeederTests
{
    private readonly FakeClock _clock = new();
    private readonly LiveCluster _cluster;
    private readonly TargetIndex _index = new();

    public TargetIndexFeederTests() => _cluster = new(_clock);

    [Fact]
    public async Task Run_Lists_FillTheIndexAndAskForNoMoreThanNeeded()
    {
        _cluster.Put(Kinds.Canary, Reviews.Canary());
        _cluster.Put(Kinds.Deployment, Reviews.Deployment());

        await RunAsync(new() { Namespace = "test" }, async feeder =>
        {
            await feeder.Synced.WaitAsync(TimeSpan.FromSeconds(5));
            _index.FindByTarget("Deployment", "test", "podinfo").Count.ShouldBe(1);
            _index.Exists(Kinds.Deployment, "test", "podinfo").ShouldBe(true);
            _index.Exists(Kinds.Ingress, "test", "podinfo").ShouldBe(false);
        });

        _cluster.Watches.Order().ShouldBe(
        [
            "alertproviders in test (metadata)", "canaries in test", "customresourcedefinitions in all (metadata)", "deployments in test", "horizontalpodautoscalers in test",
            "ingresses in test (metadata)", "metrictemplates in test", "secrets in test (metadata)", "services in test (metadata)",
        ]);
    }

    [Fact]
    public async Task Run_WatchThatFails_IsStartedAgainAfterAWhile()
    {
        _cluster.WatchErrors.Enqueue(new(404, "NotFound", "the server could not find the requested resource"));
        _cluster.WatchErrors.Enqueue(new(0, "", "connection refused"));

        await RunAsync(new(), async feeder =>
        {
            feeder.Synced.IsCompleted.ShouldBeFalse();
            await _clock.AdvanceUntilAsync(feeder.Synced, TimeSpan.FromSeconds(1));
            feeder.Synced.IsCompleted.ShouldBeTrue();
        });
        _cluster.Watches.Count.ShouldBe(11);
    }

    [Fact]
    public async Task Run_WatchThatIsRefused_IsNotWaitedFor()
    {
        _cluster.Refuse(Kinds.Secret, new(403, "Forbidden", "secrets is forbidden"));

        await RunAsync(new(), async feeder =>
        {
            await feeder.Synced.WaitAsync(TimeSpan.FromSeconds(5));
            _index.Exists(Kinds.Secret, "test", "slack").ShouldBeNull("nothing is known");
            _index.Exists(Kinds.Ingress, "test", "podinfo").ShouldBe(false);
        });
    }

    [Fact]
    public async Task Run_Definitions_TellWhatIsServed()
        => await RunAsync(new(), async feeder =>
        {
            await feeder.Synced.WaitAsync(TimeSpan.FromSeconds(5));
            _index.Served.ShouldNotBeNull().Find("gateway.solo.io", "RouteTable").ShouldBeNull();
            _index.Defines("gateway.solo.io").ShouldBe(false);

            _cluster.Inner.Serve(new("gateway.solo.io", "v1", "RouteTable", "routetables"));
            _cluster.Put(Kinds.CustomResourceDefinition, KubeObject.New(Kinds.CustomResourceDefinition, null, "routetables.gateway.solo.io"));

            await Eventually.IsTrueAsync(() => _index.Defines("gateway.solo.io") == true);
            await Eventually.IsTrueAsync(() => _index.Served.Find("gateway.solo.io", "RouteTable") is not null);
        });

    [Fact]
    public async Task Run_LaterChanges_ReachTheIndex()
        => await RunAsync(new(), async feeder =>
        {
            await feeder.Synced.WaitAsync(TimeSpan.FromSeconds(5));
            _cluster.Put(Kinds.Canary, Reviews.Canary("later"));

            await Eventually.IsTrueAsync(() => _index.FindByTarget("Deployment", "test", "podinfo").Any(c => c.Key.Name == "later"));
        });

    private async Task RunAsync(CanaryOptions options, Func<TargetIndexFeeder, Task> check)
    {
        using var stop = new CancellationTokenSource();
        var feeder = new TargetIndexFeeder(_cluster, _index, options, _clock, NullLogger<TargetIndexFeeder>.Instance);
        var run = feeder.RunAsync(stop.Token);
        await check(feeder);
        await stop.CancelAsync();
        await run.WaitAsync(TimeSpan.FromSeconds(5));
    }
}
