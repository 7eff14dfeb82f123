using CanaryFunctions.Simulator.Network;

namespace CanaryFunctions.Simulator.Gateway.Traefik;

/// <summary>The <c>match</c> of an IngressRoute's route, such as <c>Host(`app.example.com`) &amp;&amp; PathPrefix(`/api`)</c>.</summary>
/// <param name="Holds">Whether a request is meant.</param>
/// <param name="Hosts">The hosts that the rule names, in lower case.</param>
internal sealed record RouteRule(Func<RoutedRequest, bool> Holds, IReadOnlyList<string> Hosts)
{
    /// <exception cref="FormatException">The text is no such rule, or uses a matcher that is not known here; the message says which and where.</exception>
    public static RouteRule Parse(string text) => new RouteRuleParser(text).Parse();

    /// <summary>One matcher with its arguments.</summary>
    /// <returns>Null for an unknown matcher or the wrong number of arguments.</returns>
    public static RouteRule? Of(string matcher, IReadOnlyList<string> arguments) => (matcher, arguments) switch
    {
        ("Host" or "HostHeader", { Count: > 0 }) => OfHosts([.. arguments.Select(h => h.ToLowerInvariant())]),
        ("Path", { Count: > 0 }) => new(r => arguments.Contains(r.Path), []),
        ("PathPrefix", { Count: > 0 }) => new(r => arguments.Any(p => r.Path.StartsWith(p, StringComparison.Ordinal)), []),
        ("Method", { Count: > 0 }) => new(r => arguments.Contains(r.Method, StringComparer.OrdinalIgnoreCase), []),
        ("Header" or "Headers", [var name, var value]) => new(r => r.Headers[name].Contains(value), []),
        _ => null,
    };

    public RouteRule And(RouteRule other) => new(r => Holds(r) && other.Holds(r), [.. Hosts, .. other.Hosts]);

    public RouteRule Or(RouteRule other) => new(r => Holds(r) || other.Holds(r), [.. Hosts, .. other.Hosts]);

    /// <summary>A host that is excluded is not one that leads here.</summary>
    public RouteRule Not() => new(r => !Holds(r), []);

    private static RouteRule OfHosts(IReadOnlyList<string> hosts) => new(r => hosts.Contains(r.Host), hosts);
}
