using System.Net;
using CanaryFunctions.Platform.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace CanaryFunctions.Functions.Tests;

public sealed class HostContractTests : IAsyncLifetime
{
    private FunctionsHost _host = null!;

    public async Task InitializeAsync() => _host = await FunctionsHost.StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Ping_IsAnswered()
        => (await _host.PingAsync()).ShouldBe(HttpStatusCode.OK);

    [Theory]
    [InlineData("advancerollout")]
    [InlineData("NoSuchFunction")]
    public async Task FunctionThatDoesNotExist_IsRefused(string name)
        => (await _host.InvokeAsync(name, "advance-rollout.storage-queue")).Status.ShouldBe(HttpStatusCode.NotFound);

    [Theory]
    [InlineData(typeof(AdvanceRollout))]
    [InlineData(typeof(DeliverNotice))]
    [InlineData(typeof(FanOutNotice))]
    [InlineData(typeof(SweepRollouts))]
    public void Function_IsBuiltByTheContainer(Type function)
        => _host.Services.GetService(function).ShouldNotBeNull();

    [Fact]
    public void Registry_IsSorted()
    {
        var names = _host.Services.GetRequiredService<FunctionRegistry>().Functions.Select(f => f.Name).ToList();
        names.ShouldBe(names.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void StepsOfOneCanary_AreTakenOneAfterTheOther()
    {
        var steps = (QueueFunction)_host.Services.GetRequiredService<FunctionRegistry>().Find(nameof(AdvanceRollout))!;
        steps.Partition.ShouldNotBeNull()("""{"namespace":"test","name":"podinfo","cause":"sweep"}""").ShouldBe("podinfo.test");
    }
}
