using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Webhook.Scaling;
using CanaryFunctions.Webhook.Scaling.Messages;
using Microsoft.Extensions.Logging.Abstractions;

namespace CanaryFunctions.Webhook.Tests.Scaling;

/// <summary>The real server on a port of its own, told by the test what the watches would tell.</summary>
internal sealed class RunningScaler : IAsyncDisposable
{
    private RunningScaler(ScalerServer server, FakeGauge gauge)
    {
        (Server, Gauge) = (server, gauge);
        Client = new(server.Address);
    }

    public ScalerServer Server { get; }

    public FakeGauge Gauge { get; }

    public GrpcClient Client { get; }

    /// <param name="isSynced">The lists are read, and empty.</param>
    public static async Task<RunningScaler> StartAsync(
        bool isSynced = true, TimeProvider? time = null, ScalerOptions? options = null, Func<string?>? indexProblem = null, string cluster = "")
    {
        var gauge = new FakeGauge();
        var sources = new ScalerSources { Queues = gauge, IndexProblem = indexProblem ?? (() => null) };
        var server = new ScalerServer(
            options ?? new() { GaugeLife = TimeSpan.Zero }, sources, cluster, time ?? TimeProvider.System, NullLoggerFactory.Instance);
        await server.StartAsync(CancellationToken.None);
        var running = new RunningScaler(server, gauge);
        if (isSynced)
        {
            running.Sync();
        }

        return running;
    }

    public static ScaledObjectRef Trigger(params (string Key, string Value)[] metadata)
    {
        var trigger = new ScaledObjectRef { Name = "canary-functions", Namespace = "flagger-system" };
        foreach (var (key, value) in metadata)
        {
            trigger.ScalerMetadata.Add(key, value);
        }

        return trigger;
    }

    public void Sync()
    {
        foreach (var kind in new[] { Kinds.Canary, Kinds.Deployment })
        {
            Server.Apply(kind, new(WatchEventType.Reset, null));
            Server.Apply(kind, new(WatchEventType.Synced, null));
        }
    }

    public void Tell(JsonObject obj)
        => Server.Apply(obj.Text("kind") == "Canary" ? Kinds.Canary : Kinds.Deployment, new(WatchEventType.Modified, obj));

    public async Task<bool> IsActiveAsync(params (string Key, string Value)[] metadata)
        => (await Client.CallAsync("IsActive", Trigger(metadata))).Single(IsActiveResponse.Parser).Result;

    public async Task<double> AmountAsync(params (string Key, string Value)[] metadata)
    {
        var answer = await Client.CallAsync("GetMetrics", new GetMetricsRequest { ScaledObjectRef = Trigger(metadata), MetricName = "canary-work" });
        var value = answer.Single(GetMetricsResponse.Parser).MetricValues.ShouldHaveSingleItem();
        value.MetricValue_.ShouldBe((long)value.MetricValueFloat);
        return value.MetricValueFloat;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
    }
}
