using CanaryFunctions.Core;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Core.Sweeping;
using CanaryFunctions.Platform.Hosting.Settings;
using CanaryFunctions.Platform.Http;
using CanaryFunctions.Platform.Kubernetes;
using CanaryFunctions.Platform.Queues;
using CanaryFunctions.Platform.Queues.Settings;
using CanaryFunctions.Platform.Telemetry;
using CanaryFunctions.Providers;
using CanaryFunctions.Webhook.Hints;

namespace CanaryFunctions.Webhook;

/// <summary>The webhook as a process of its own.</summary>
internal static class WebhookHost
{
    /// <summary>Serves until cancelled.</summary>
    /// <exception cref="SettingsException">Settings that cannot be used.</exception>
    /// <exception cref="KubeConfigException">No cluster to work on.</exception>
    /// <exception cref="ClusterException">The API server refuses the registration.</exception>
    public static async Task RunAsync(IConfiguration configuration, CancellationToken ct)
    {
        SettingsReader.Check(
            () => SettingsReader.Read(configuration), () => HttpCallerSettings.Read(configuration), () => StepQueueSettings.Read(configuration),
            () => WebhookSettings.Read(configuration, ""), () => SweepSettings.IsOnForWebhook(configuration));
        var queue = StepQueueSettings.Read(configuration);
        await using var services = Compose(configuration, queue);
        var options = WebhookSettings.Read(configuration, services.GetRequiredService<KubernetesClient>().Namespace);
        if (queue.Kind == StepQueueKind.InProcess)
        {
            services.GetRequiredService<ILoggerFactory>().CreateLogger<NoQueue>().NoQueueConfigured();
        }

        await using var server = await WebhookServer.StartAsync(options, services, ct);
        if (SweepSettings.IsOnForWebhook(configuration))
        {
            // Where the functions go to zero nobody else would; what is in the queue outlives every replica.
            await SweepDuty.For(services, SweepSettings.Read(configuration, services.GetRequiredService<KubernetesClient>().Namespace), takesOver: false).RunAsync(ct);
        }
        else
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, services.GetRequiredService<TimeProvider>(), ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static ServiceProvider Compose(IConfiguration configuration, StepQueueSettings queue) => AddQueue(new ServiceCollection(), queue)
        .AddLogging(logging => logging.AddJsonLog(configuration["LOG_LEVEL"] ?? configuration["log-level"] ?? "info"))
        .AddSingleton(SettingsReader.Read(configuration))
        .AddHttpCaller(configuration)
        .AddKubernetes(new() { KubeConfig = SettingsReader.KubeConfig(configuration) })
        .AddProviders()
        .AddCanaryCore()
        .AddCanaryWebhook()
        .BuildServiceProvider();

    // Nobody in this process receives, so a queue in it would only fill.
    private static IServiceCollection AddQueue(IServiceCollection services, StepQueueSettings queue)
        => queue.Kind == StepQueueKind.InProcess ? services.AddSingleton<IStepQueue, NoQueue>() : services.AddStepQueue(queue);
}
