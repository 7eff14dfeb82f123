using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace CanaryFunctions.TestKit.ServiceBus;

/// <summary>Who may do what, by shared access signatures and by tokens.</summary>
internal sealed class StandInAuthorization(IReadOnlyList<StandInPolicy> policies, Func<string, bool> isToken, TimeProvider time)
{
    private const string Scheme = "SharedAccessSignature ";

    /// <summary>Null when it is allowed, else why not.</summary>
    public string? Refusal(string header, Uri resource, string right)
    {
        if (header.StartsWith("Bearer ", StringComparison.Ordinal))
        {
            return isToken(header["Bearer ".Length..]) ? null : "InvalidToken: the token is not one of this namespace.";
        }

        if (!header.StartsWith(Scheme, StringComparison.Ordinal))
        {
            return header.Length == 0 ? "MissingToken: the authorization header was not found." : "MalformedToken: the authorization scheme is not known.";
        }

        var parts = header[Scheme.Length..].Split('&').Select(p => p.Split('=', 2)).Where(p => p.Length == 2).ToDictionary(p => p[0], p => p[1], StringComparer.Ordinal);
        return parts.TryGetValue("sr", out var scope) && parts.TryGetValue("sig", out var signature) && parts.TryGetValue("se", out var expiry) && parts.TryGetValue("skn", out var name)
            ? Refusal(scope, WebUtility.UrlDecode(signature), expiry, WebUtility.UrlDecode(name), resource, right)
            : "MalformedToken: sr, sig, se and skn are needed.";
    }

    private string? Refusal(string scope, string signature, string expiry, string name, Uri resource, string right)
    {
        if (policies.FirstOrDefault(p => p.Name == name) is not { } policy)
        {
            return "InvalidSignature: there is no such policy.";
        }

        // The scope is signed as it was sent, whatever its encoding.
        var expected = Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(policy.Key), Encoding.UTF8.GetBytes($"{scope}\n{expiry}")));
        if (signature != expected)
        {
            return "InvalidSignature: the token has an invalid signature.";
        }

        if (!long.TryParse(expiry, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || DateTimeOffset.FromUnixTimeSeconds(seconds) <= time.GetUtcNow())
        {
            return "ExpiredToken: the token is expired.";
        }

        var covered = new Uri(WebUtility.UrlDecode(scope));
        var isBelow = covered.Authority == resource.Authority
            && $"{resource.AbsolutePath.TrimEnd('/')}/".StartsWith($"{covered.AbsolutePath.TrimEnd('/')}/", StringComparison.OrdinalIgnoreCase);
        return !isBelow ? "InvalidAudience: the token is for another resource."
            : policy.Rights.Contains(right) ? null
            : $"Unauthorized access. '{right}' claim is required to perform this operation.";
    }
}
