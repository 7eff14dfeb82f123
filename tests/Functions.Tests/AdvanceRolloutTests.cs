using System.Text.Json;
using CanaryFunctions.Core;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Functions.Tests;

public sealed class AdvanceRolloutTests : IAsyncLifetime
{
    private FunctionsHost _host = null!;

    public async Task InitializeAsync() => _host = await FunctionsHost.StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData("advance-rollout.storage-queue")]
    [InlineData("advance-rollout.service-bus")]
    public async Task Message_TakesOneStep_AndSendsForTheNext(string invocation)
    {
        _host.PutApplication();

        (await _host.InvokeAsync(nameof(AdvanceRollout), invocation)).ShouldBeDone();

        _host.Status.Phase.ShouldBe(CanaryPhase.Initializing);
        _host.Cluster.Peek(new(Kinds.Deployment, "test", "podinfo-primary")).ShouldNotBeNull();
        var next = _host.Queue.Waiting.ShouldHaveSingleItem();
        next.Queue.ShouldBe(QueueNames.Steps);
        next.NotBefore.ShouldBe(_host.Status.NextStepAt);
        Step(next).Cause.ShouldBe(StepCauses.Successor);
    }

    [Theory]
    [InlineData("advance-rollout.storage-queue", 0)]
    [InlineData("advance-rollout.service-bus", 0)]
    [InlineData("advance-rollout.redelivered.storage-queue", 1)]
    [InlineData("advance-rollout.redelivered.service-bus", 1)]
    public async Task EarlyMessage_ChangesNothing_AndOnlyARedeliverySendsForTheNextAgain(string invocation, int messages)
    {
        _host.PutApplication();
        await _host.InvokeAsync(nameof(AdvanceRollout), "advance-rollout.storage-queue");
        await using var later = await FunctionsHost.StartAsync();
        var before = _host.Cluster.Peek(FunctionsHost.CanaryRef)!;
        foreach (var kind in (ResourceKind[])[Kinds.Deployment, Kinds.Ingress, Kinds.Service, Kinds.Canary])
        {
            _host.Cluster.PeekAll(kind).ToList().ForEach(obj => later.Cluster.Put(kind, obj));
        }

        (await later.InvokeAsync(nameof(AdvanceRollout), invocation)).ShouldBeDone();

        later.Queue.Waiting.Count.ShouldBe(messages);
        later.Cluster.Peek(FunctionsHost.CanaryRef)!["status"]!.ToJsonString().ShouldBe(before["status"]!.ToJsonString());
    }

    [Fact]
    public async Task ClusterThatIsAway_PutsTheStepOff_AndFailsNothing()
    {
        _host.PutApplication();
        _host.Cluster.BeforeRead = _ => throw new ClusterException(0, "NoAnswer", "connection refused");

        (await _host.InvokeAsync(nameof(AdvanceRollout), "advance-rollout.storage-queue")).ShouldBeDone();

        var copy = _host.Queue.Waiting.ShouldHaveSingleItem();
        copy.NotBefore.ShouldNotBeNull().ShouldBeGreaterThan(_host.Clock.GetUtcNow());
        Step(copy).ShouldBe(new StepMessage("test", "podinfo", StepCauses.Retry) { User = "jo", Looks = 1 });
    }

    [Fact]
    public async Task ClusterAndQueueThatAreAway_FailTheInvocation()
    {
        _host.PutApplication();
        _host.Cluster.BeforeRead = _ => throw new ClusterException(0, "NoAnswer", "connection refused");
        _host.Queue.BeforeEnqueue = _ => throw new InvalidOperationException("the broker is away");

        (await _host.InvokeAsync(nameof(AdvanceRollout), "advance-rollout.storage-queue")).ShouldBeFailed();
    }

    [Fact]
    public async Task UnreadableMessage_FailsTheInvocation()
    {
        (await _host.InvokeAsync(nameof(AdvanceRollout), "advance-rollout.unreadable.storage-queue")).ShouldBeFailed();
        _host.Cluster.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task CanaryThatIsGone_IsNoFailure()
    {
        (await _host.InvokeAsync(nameof(AdvanceRollout), "advance-rollout.service-bus")).ShouldBeDone();

        // The message is admission's, and what is being created is not stored yet: it is looked for again.
        Step(_host.Queue.Waiting.ShouldHaveSingleItem()).ShouldBe(new StepMessage("test", "podinfo", StepCauses.Admission) { User = "jo", Looks = 1 });
    }

    private static StepMessage Step(QueueMessage message) => JsonSerializer.Deserialize(message.Body, MessageJson.Default.StepMessage)!;
}
