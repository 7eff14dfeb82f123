using System.Text;
using System.Text.RegularExpressions;
using CanaryFunctions.Core.Analysis;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Providers.Metrics.Prometheus;

/// <summary>Makes the HTTP request of a query.</summary>
internal static partial class PrometheusRequest
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>Null with a problem when address or credentials cannot be used. The problem holds no secret.</summary>
    public static HttpCall? TryBuild(MetricQuery query, out string problem)
    {
        problem = "";
        if (!Uri.TryCreate(query.Address, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") || address.Host.Length == 0)
        {
            problem = $"prometheus address {Masked(query.Address)} is not a valid URL; it must look like http://prometheus:9090";
            return null;
        }

        var authorization = Authorization(query.Credentials, address, out problem);
        if (problem.Length > 0)
        {
            return null;
        }

        var server = address.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);
        var path = address.AbsolutePath.TrimEnd('/');
        var text = FormEscape(Spaces().Replace(query.Query, " ").Trim());
        return new("GET", new Uri($"{server}{path}/api/v1/query?query={text}"), Timeout)
        {
            Headers = Headers(query, authorization),
            InsecureSkipVerify = query.InsecureSkipVerify,
            DisplayName = $"prometheus {server}",
        };
    }

    private static string? Authorization(IReadOnlyDictionary<string, string>? credentials, Uri address, out string problem)
    {
        problem = "";
        if (credentials is null)
        {
            // The caller's HTTP client does not send what stands before the @, so it is sent as what it means.
            return address.UserInfo.Length == 0 ? null : Basic(string.Join(':', address.UserInfo.Split(':', 2).Select(Uri.UnescapeDataString)));
        }

        if (credentials.TryGetValue("token", out var token))
        {
            return $"Bearer {token.Trim()}";
        }

        var username = credentials.GetValueOrDefault("username");
        var password = credentials.GetValueOrDefault("password");
        if (username is null || password is null)
        {
            problem = $"prometheus credentials does not contain a {(username is null ? "username" : "password")}; "
                + "the secret must have the key token, or the keys username and password";
            return null;
        }

        return username.Length > 0 && password.Length > 0 ? Basic($"{username}:{password}") : null;
    }

    private static List<KeyValuePair<string, string>> Headers(MetricQuery query, string? authorization)
    {
        var headers = new List<KeyValuePair<string, string>>();
        foreach (var (name, values) in query.Headers.OrderBy(h => h.Key, StringComparer.OrdinalIgnoreCase))
        {
            // The secret wins: two Authorization headers are none.
            if (authorization is null || !name.Equals("Authorization", StringComparison.OrdinalIgnoreCase))
            {
                headers.AddRange(values.Select(v => KeyValuePair.Create(name, v)));
            }
        }

        if (authorization is not null)
        {
            headers.Add(KeyValuePair.Create("Authorization", authorization));
        }

        return headers;
    }

    private static string Basic(string userAndPassword) => $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(userAndPassword))}";

    private static string FormEscape(string text) => Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal);

    /// <summary>Without what stands before the @, which may be a password.</summary>
    private static string Masked(string? address) => UserInfo().Replace(address ?? "", "$1***@");

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"(^|//)[^/]*@")]
    private static partial Regex UserInfo();
}
