using System.Text;
using CanaryFunctions.Platform.Hosting.Settings;
using CanaryFunctions.Platform.Queues.Settings;
using Microsoft.Extensions.Configuration;

namespace CanaryFunctions.Platform.Kubernetes.Clusters;

/// <summary>Reads how one cluster of several is connected to.</summary>
internal static class ClusterConnection
{
    private const string KubeConfigKey = "KUBECONFIG";
    private const string ContextKey = "CONTEXT";
    private const string ServerKey = "SERVER";
    private const string CaKey = "CA";
    private const string EntraKey = "ENTRA";
    private const string InClusterKey = "IN_CLUSTER";

    /// <summary>Null when something is wrong, which then is among the problems.</summary>
    /// <param name="place">The section as it is written in the environment.</param>
    public static KubernetesOptions? Read(IConfiguration configuration, IConfigurationSection section, string place, SettingsSource source)
    {
        var (kubeConfig, context, server) = (Text(section, KubeConfigKey), Text(section, ContextKey), Text(section, ServerKey));
        var (isEntra, isInCluster) = (Flag(section, EntraKey, place, source), Flag(section, InClusterKey, place, source));
        var ways = new[] { kubeConfig.Length > 0 || context.Length > 0, server.Length > 0, isInCluster }.Count(way => way);
        if (ways != 1)
        {
            return source.Refuse<KubernetesOptions?>(place, "", $"must have one of {KubeConfigKey} (or {ContextKey}), {ServerKey} and {InClusterKey}, and has {ways}.", null);
        }

        if (Misfit(section, server.Length > 0, isEntra, isInCluster) is var (key, problem))
        {
            return source.Refuse<KubernetesOptions?>($"{place}__{key}", Text(section, key), problem, null);
        }

        var isText = kubeConfig.Contains('\n', StringComparison.Ordinal) || kubeConfig.StartsWith('{');
        return new KubernetesOptions
        {
            Place = place,
            KubeConfig = isText ? "" : kubeConfig.Length == 0 && context.Length > 0 ? SettingsReader.KubeConfig(configuration) : kubeConfig,
            KubeConfigText = isText ? kubeConfig : "",
            Context = context,
            InCluster = isInCluster,
            Server = server.Length == 0 ? null : Server(server, place, source),
            Roots = Roots(Text(section, CaKey), place, source),
            Namespace = Text(section, "SERVICE_NAMESPACE"),
            Entra = isEntra ? AzureCredential.Read(new ConnectionSettings(configuration, source, section.Path)) : null,
            EntraScope = Text(section, "SCOPE") is { Length: > 0 } scope ? scope : EntraCredentials.AksScope,
        };
    }

    private static (string Key, string Problem)? Misfit(IConfigurationSection section, bool isServer, bool isEntra, bool isInCluster)
        => isServer && !isEntra ? (EntraKey, $"must be true with {ServerKey}: other credentials come with a {KubeConfigKey}.")
            : isInCluster && isEntra ? (EntraKey, $"cannot go with {InClusterKey}: the pod's service account is used.")
            : !isServer && Text(section, CaKey).Length > 0 ? (CaKey, $"goes with {ServerKey} only: a {KubeConfigKey} and a pod have their own.")
            : null;

    private static string Text(IConfigurationSection section, string key) => section[key]?.Trim() ?? "";

    private static bool Flag(IConfigurationSection section, string key, string place, SettingsSource source) => Text(section, key).ToLowerInvariant() switch
    {
        "" or "false" => false,
        "true" => true,
        var other => source.Refuse($"{place}__{key}", other, "must be true or false.", false),
    };

    // A token is sent there.
    private static Uri? Server(string text, string place, SettingsSource source)
        => Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme == "https" || (url.Scheme == "http" && url.IsLoopback)) && url.UserInfo.Length == 0
            ? url
            : source.Refuse<Uri?>($"{place}__{ServerKey}", text, "must be a URL that begins with https://.", null);

    /// <summary>PEM as it is, PEM in base64 as kubeconfigs have it, or a file.</summary>
    private static TrustRoots? Roots(string text, string place, SettingsSource source)
    {
        if (text.Length == 0)
        {
            return null;
        }

        var name = $"{place}__{CaKey}";
        var pem = IsPem(text) ? text : Decoded(text) is { } decoded && IsPem(decoded) ? decoded : null;
        var roots = new TrustRoots(pem is null ? CachedText.File(text, name, TimeProvider.System) : CachedText.Constant(pem), name);
        try
        {
            roots.Load();
            return roots;
        }
        catch (KubeConfigException e)
        {
            return source.Refuse<TrustRoots?>(name, pem is null ? text : "(PEM)", $"is neither PEM, nor PEM in base64, nor a file of PEM: {e.Message}", null);
        }
    }

    private static bool IsPem(string text) => text.Contains("-----BEGIN", StringComparison.Ordinal);

    private static string? Decoded(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : null;
    }
}
