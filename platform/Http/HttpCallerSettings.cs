using CanaryFunctions.Platform.Hosting.Settings;
using Microsoft.Extensions.Configuration;

namespace CanaryFunctions.Platform.Http;

/// <summary>Reads how cluster-internal names are reached: <c>SERVICE_MAP</c>, <c>CLUSTER_PROXY</c>, <c>SERVICE_ACCESS</c>.</summary>
public static class HttpCallerSettings
{
    private const string MapName = "service-map";

    /// <exception cref="SettingsException">Lists every setting that cannot be used.</exception>
    public static HttpCallerOptions Read(IConfiguration configuration)
    {
        var source = new SettingsSource(configuration);
        var proxy = source.Url("cluster-proxy", "", isSecret: true);
        var options = new HttpCallerOptions
        {
            HostMap = Map(source),
            ClusterProxy = proxy.Length == 0 ? null : new Uri(proxy),
            Access = source.Text("service-access", "auto").ToLowerInvariant() switch
            {
                "auto" => ServiceAccess.Auto,
                "direct" => ServiceAccess.Direct,
                "api-proxy" => ServiceAccess.ApiProxy,
                var other => source.Refuse("service-access", other, "is no way to reach Services; use auto, direct or api-proxy.", ServiceAccess.Auto),
            },
        };
        return source.Problems.Count == 0 ? options : throw new SettingsException(source.Problems);
    }

    private static Dictionary<string, Uri> Map(SettingsSource source)
    {
        var map = new Dictionary<string, Uri>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in source.List(MapName, []))
        {
            var (host, place) = entry.Split('=', 2, StringSplitOptions.TrimEntries) is [var name, var url] ? (name, url) : ("", "");
            if (Uri.CheckHostName(host) != UriHostNameType.Dns || !Uri.TryCreate(place, UriKind.Absolute, out var target)
                || target.Scheme is not ("http" or "https") || target.UserInfo.Length > 0)
            {
                source.Refuse(MapName, entry.Contains('@', StringComparison.Ordinal) ? "(hidden)" : entry, "must be name.namespace=URL without a user, such as prometheus.monitoring=http://127.0.0.1:9090.", true);
            }
            else if (!map.TryAdd(host, target))
            {
                source.Refuse(MapName, entry, $"maps {host} a second time.", true);
            }
        }

        return map;
    }
}
