using System.Globalization;
using System.Net;
using CanaryFunctions.Platform.Hosting.Settings;

namespace CanaryFunctions.Webhook;

/// <summary>The process' own settings, each as a flag or as an environment variable, which wins: <c>webhook-port</c> or <c>WEBHOOK_PORT</c>.</summary>
internal static class WebhookSettings
{
    private const int PortInPods = 8443;

    /// <summary>
    /// In a pod: all addresses, port 8443, the Service <c>webhook-service</c>. Elsewhere: a free port of 127.0.0.1, called by <c>webhook-host</c>.
    /// </summary>
    /// <param name="podNamespace">Namespace of the pod's service account; <c>POD_NAMESPACE</c> wins.</param>
    /// <exception cref="SettingsException">The port is no port.</exception>
    public static WebhookOptions Read(IConfiguration configuration, string podNamespace)
    {
        var isInCluster = !string.IsNullOrEmpty(configuration["KUBERNETES_SERVICE_HOST"]) && string.IsNullOrEmpty(configuration["kubeconfig"]);
        var port = Port(configuration, isInCluster ? PortInPods : 0);
        if (!isInCluster)
        {
            var host = Find(configuration, "webhook-host");
            return new()
            {
                Port = port,
                Listen = host is null ? IPAddress.Loopback : IPAddress.Any,
                Hosts = host is null ? ["127.0.0.1", "localhost"] : [host, "127.0.0.1", "localhost"],
            };
        }

        var ns = configuration["POD_NAMESPACE"] is { Length: > 0 } given ? given : podNamespace;
        var options = new WebhookOptions { Port = port, Listen = IPAddress.Any, Outside = false, OwnNamespace = ns };
        var service = Find(configuration, "webhook-service") ?? options.ServiceName;
        return options with { ServiceName = service, SecretName = $"{service}-certificate", Hosts = [$"{service}.{ns}.svc"] };
    }

    private static int Port(IConfiguration configuration, int fallback)
    {
        if (Find(configuration, "webhook-port") is not { } text)
        {
            return fallback;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= IPEndPoint.MaxPort
            ? port
            : throw new SettingsException([new("webhook-port", text, "must be a port between 0 and 65535; 0 for any free one.")]);
    }

    private static string? Find(IConfiguration configuration, string name)
        => configuration[name.Replace('-', '_').ToUpperInvariant()] is { Length: > 0 } variable ? variable
            : configuration[name] is { Length: > 0 } flag ? flag
            : null;
}
