using System.CommandLine;
using CanaryFunctions.Cli.Running;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Platform.Hosting.Settings;
using CanaryFunctions.Platform.Http;
using CanaryFunctions.Platform.Kubernetes;
using CanaryFunctions.Platform.Queues.InProcess;
using CanaryFunctions.Platform.Telemetry;
using CanaryFunctions.Webhook;
using CanaryFunctions.Webhook.Certificates;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CanaryFunctions.Cli.Commands;

/// <summary><c>canary run</c>: everything in one process, on a real cluster.</summary>
internal static class RunCommand
{
    internal static Command Create()
    {
        var kubeconfig = new Option<string?>("--kubeconfig")
        {
            Description = "Cluster to work on; default: the pod's service account, else KUBECONFIG, else ~/.kube/config.",
        };
        var command = new Command(
            "run",
            "Run webhook, functions and their queue in one process, until Ctrl+C or SIGTERM. Takes every setting of docs/configuration.md as a flag or a "
            + "variable, such as --mesh-provider skipper --metrics-server http://prometheus.monitoring:9090.")
        {
            kubeconfig,
        };

        // The settings' flags are read where the other programs read them.
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((arguments, ct) => RunAsync(
            [.. arguments.UnmatchedTokens, .. arguments.GetValue(kubeconfig) is { } file ? (string[])["--kubeconfig", file] : []], ct));
        return command;
    }

    private static async Task<int> RunAsync(string[] arguments, CancellationToken ct)
    {
        try
        {
            var configuration = SettingsReader.Sources(AppContext.BaseDirectory, arguments);
            SettingsReader.Check(
                () => SettingsReader.Read(configuration), () => HttpCallerSettings.Read(configuration), () => WebhookSettings.Read(configuration, ""));
            var services = Compose(configuration);
            var ns = services.GetRequiredService<KubernetesClient>().Namespace;
            var webhook = WebhookSettings.Read(configuration, ns);
            await using var product = await Product.StartAsync(services, webhook, SweepSettings.Read(configuration, ns), ct);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return 0;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return 0;
        }
        catch (Exception e) when (e is SettingsException or FormatException or KubeConfigException or ClusterException or CertificateException or IOException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    private static ServiceProvider Compose(IConfiguration configuration)
    {
        var options = SettingsReader.Read(configuration);
        return Product.AddTo(new ServiceCollection())
            .AddLogging(logging => logging.AddJsonLog(configuration["LOG_LEVEL"] ?? configuration["log-level"] ?? "info"))
            .AddSingleton(options)
            .AddKubernetes(new() { KubeConfig = SettingsReader.KubeConfig(configuration) })
            .AddSingleton<IStepQueue>(services => services.GetRequiredService<InProcessQueue>())
            .AddHttpCaller(configuration)
            .BuildServiceProvider();
    }
}
