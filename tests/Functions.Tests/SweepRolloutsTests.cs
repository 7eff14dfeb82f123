using System.Text.Json;
using CanaryFunctions.Core;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Functions.Tests;

public sealed class SweepRolloutsTests : IAsyncLifetime
{
    private FunctionsHost _host = null!;

    public async Task InitializeAsync() => _host = await FunctionsHost.StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Timer_SendsForCanariesThatNobodyTookUp()
    {
        _host.PutApplication();

        (await _host.InvokeAsync(nameof(SweepRollouts), "sweep-rollouts.timer")).ShouldBeDone();

        var message = _host.Queue.Waiting.ShouldHaveSingleItem();
        message.Queue.ShouldBe(QueueNames.Steps);
        JsonSerializer.Deserialize(message.Body, MessageJson.Default.StepMessage).ShouldBe(new StepMessage("test", "podinfo", StepCauses.Sweep));
        _host.Cluster.Requests.ShouldBe(["list canaries", "list deployments (metadata)"]);
    }

    [Fact]
    public async Task ClusterThatIsAway_FailsTheRun_AndTheNextOneComesByTheClock()
    {
        _host.Cluster.BeforeRead = _ => throw new ClusterException(503, "ServiceUnavailable", "the server is away");

        (await _host.InvokeAsync(nameof(SweepRollouts), "sweep-rollouts.timer")).ShouldBeFailed();
    }
}
