using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.Json.Nodes;
using CanaryFunctions.Core;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Platform.Http;
using CanaryFunctions.Platform.Kubernetes;
using CanaryFunctions.Providers;
using CanaryFunctions.Simulator.Api;
using CanaryFunctions.Simulator.Api.Crds;
using CanaryFunctions.Webhook;
using Microsoft.Extensions.DependencyInjection;

namespace CanaryFunctions.Benchmarks;

/// <summary>
/// The webhook as a process, on an API server that holds 200 Canaries and their Deployments. Says where it is on its first line, then answers each line
/// that it reads with one: <c>times</c> with the seconds of the requests since the last time, <c>bytes</c> with what was allocated so far.
/// </summary>
internal static class WebhookProcess
{
    internal static async Task RunAsync()
    {
        await using var api = await ApiServer.StartAsync(new() { InitialObjects = [.. Objects()] }, CancellationToken.None);
        await using var services = Services(api);
        await using var webhook = await WebhookServer.StartAsync(new() { Register = false }, services, CancellationToken.None);
        var times = new ConcurrentQueue<double>();
        using var listener = Listen(times);
        Say(new() { ["address"] = webhook.Address.ToString(), ["ca"] = webhook.CaCertificate });
        while (await Console.In.ReadLineAsync() is { } line)
        {
            Say(line == "times" ? Times(times) : new() { ["bytes"] = GC.GetTotalAllocatedBytes(precise: true) });
        }
    }

    private static void Say(JsonObject answer) => Console.WriteLine(answer.ToJsonString());

    private static JsonObject Times(ConcurrentQueue<double> times)
    {
        var taken = new JsonArray();
        while (times.TryDequeue(out var seconds))
        {
            taken.Add(seconds);
        }

        return new() { ["times"] = taken };
    }

    // From a request's head to the end of its answer, as /metrics tells it in buckets.
    private static MeterListener Listen(ConcurrentQueue<double> times)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == "canary.webhook.request.duration")
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((_, seconds, _, _) => times.Enqueue(seconds));
        listener.Start();
        return listener;
    }

    private static IEnumerable<JsonObject> Objects()
    {
        var numbers = Enumerable.Range(0, Samples.Targets).ToList();
        return
        [
            .. EmbeddedCrds.All(),
            KubeObject.New(Kinds.Namespace, null, Samples.Namespace),
            .. numbers.Select(n => Samples.Deployment(string.Create(CultureInfo.InvariantCulture, $"app-{n}"), "1.0.0")),
            .. numbers.Select(n => Samples.Canary(n)),
        ];
    }

    private static ServiceProvider Services(ApiServer api) => new ServiceCollection()
        .AddLogging()
        .AddSingleton(TimeProvider.System)
        .AddSingleton(new CanaryOptions())
        .AddSingleton<IClusterClient>(_ => KubernetesClient.FromKubeConfig(KubeConfigSource.FromText(api.Kubeconfig), TimeProvider.System))
        .AddSingleton<IStepQueue, Sink>()
        .AddSingleton<IHttpCaller>(_ => new HttpCaller(TimeProvider.System))
        .AddProviders()
        .AddCanaryWebhook()
        .BuildServiceProvider();

    /// <summary>A queue that takes everything: what is measured ends before it.</summary>
    private sealed class Sink : IStepQueue
    {
        public Task EnqueueAsync(QueueMessage message, CancellationToken ct) => Task.CompletedTask;
    }
}
