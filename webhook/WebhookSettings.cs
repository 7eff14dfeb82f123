using System.Globalization;
using System.Net;
using CanaryFunctions.Core;
using CanaryFunctions.Platform.Hosting.Settings;
using CanaryFunctions.Webhook.Scaling;

namespace CanaryFunctions.Webhook;

/// <summary>The process' own settings, each as a flag or as an environment variable, which wins: <c>webhook-port</c> or <c>WEBHOOK_PORT</c>.</summary>
public static class WebhookSettings
{
    private const int PortInPods = 8443;
    private const int HealthPortInPods = 8080;

    // Endpoints of a Service follow readiness within a few seconds.
    private static readonly TimeSpan DrainDelayInPods = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestDrainDelay = TimeSpan.FromMinutes(1);

    /// <summary>
    /// In a pod: all addresses, port 8443, the Service <c>webhook-service</c>. Elsewhere: a free port of 127.0.0.1, called by <c>webhook-host</c>.
    /// </summary>
    /// <param name="podNamespace">Namespace of the pod's service account; <c>POD_NAMESPACE</c> wins.</param>
    /// <exception cref="SettingsException">Lists every setting that cannot be used.</exception>
    public static WebhookOptions Read(IConfiguration configuration, string podNamespace)
    {
        var problems = new List<SettingProblem>();
        var pod = PodSettings.Read(configuration, podNamespace);
        var options = new WebhookOptions
        {
            Port = Port(configuration, "webhook-port", pod.IsInside ? PortInPods : 0, problems),
            HealthPort = Port(configuration, "port", pod.IsInside ? HealthPortInPods : 0, problems),
            Scaler = Scaler(configuration, pod.IsInside, problems),
            Certificates = new() { Folder = SettingsReader.Find(configuration, "webhook-certificate-folder"), InjectCaFrom = InjectCaFrom(configuration, problems) },
        };
        options = pod.IsInside ? Inside(options, configuration, pod, problems) : Outside(options, configuration);
        return problems.Count == 0 ? options : throw new SettingsException(problems);
    }

    private static WebhookOptions Outside(WebhookOptions options, IConfiguration configuration)
        => SettingsReader.Find(configuration, "webhook-host") is { } host ? options with { Listen = IPAddress.Any, Hosts = [host, "127.0.0.1", "localhost"] } : options;

    private static WebhookOptions Inside(WebhookOptions options, IConfiguration configuration, PodSettings pod, List<SettingProblem> problems)
    {
        var ns = pod.Namespace;
        var service = SettingsReader.Find(configuration, "webhook-service") ?? options.ServiceName;
        return options with
        {
            Listen = IPAddress.Any,
            Outside = false,
            OwnNamespace = ns,
            ServiceName = service,
            SecretName = $"{service}-certificate",
            Hosts = options.Scaler is { UseTls: true } ? [$"{service}.{ns}.svc", $"{SettingsReader.Find(configuration, "scaler-service") ?? "canary-scaler"}.{ns}.svc"] : [$"{service}.{ns}.svc"],
            Identity = pod.Name ?? options.Identity,
            DrainDelay = Duration(configuration, "webhook-drain-delay", DrainDelayInPods, problems),
        };
    }

    private static ScalerOptions? Scaler(IConfiguration configuration, bool isInCluster, List<SettingProblem> problems)
    {
        if (SettingsReader.Find(configuration, "scaler-port") is null)
        {
            return null;
        }

        var useTls = SettingsReader.Find(configuration, "scaler-tls") ?? "false";
        if (useTls is not ("true" or "false"))
        {
            problems.Add(new("scaler-tls", useTls, "must be true or false."));
        }

        return new()
        {
            Port = Port(configuration, "scaler-port", 0, problems),
            Listen = isInCluster ? IPAddress.Any : IPAddress.Loopback,
            UseTls = useTls == "true",
        };
    }

    private static TimeSpan Duration(IConfiguration configuration, string name, TimeSpan fallback, List<SettingProblem> problems)
    {
        if (SettingsReader.Find(configuration, name) is not { } text)
        {
            return fallback;
        }

        if (!GoDuration.TryParse(text, out var duration) || duration < TimeSpan.Zero || duration > LongestDrainDelay)
        {
            problems.Add(new(name, text, $"must be a duration from 0s to {GoDuration.Format(LongestDrainDelay)}, such as 5s."));
        }

        return duration;
    }

    // cert-manager ignores what it cannot read, and the webhooks would be without a CA for ever.
    private static string? InjectCaFrom(IConfiguration configuration, List<SettingProblem> problems)
    {
        var text = SettingsReader.Find(configuration, "webhook-inject-ca-from");
        if (text is not null && text.Split('/') is not [{ Length: > 0 }, { Length: > 0 }])
        {
            problems.Add(new("webhook-inject-ca-from", text, "must be namespace/name of a cert-manager Certificate."));
        }

        return text;
    }

    private static int Port(IConfiguration configuration, string name, int fallback, List<SettingProblem> problems)
    {
        if (SettingsReader.Find(configuration, name) is not { } text)
        {
            return fallback;
        }

        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port > IPEndPoint.MaxPort)
        {
            problems.Add(new(name, text, "must be a port between 0 and 65535; 0 for any free one."));
        }

        return port;
    }
}
