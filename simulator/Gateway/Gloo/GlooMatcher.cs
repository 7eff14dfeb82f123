using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Simulator.Network;

namespace CanaryFunctions.Simulator.Gateway.Gloo;

/// <summary>One entry of a route's <c>matchers</c>: path, headers and methods, all of which have to hold.</summary>
internal sealed class GlooMatcher
{
    private static readonly string[] Known = ["prefix", "exact", "regex", "headers", "methods"];

    private readonly List<Func<RoutedRequest, bool>> _conditions = [];

    public bool Matches(RoutedRequest request) => _conditions.TrueForAll(holds => holds(request));

    /// <param name="warnings">Takes what is not understood. Such a matcher matches nothing, because ignoring a condition would give it requests that are not its own.</param>
    public static GlooMatcher Of(JsonNode matcher, List<string> warnings)
    {
        var made = new GlooMatcher();
        foreach (var key in (matcher as JsonObject ?? []).Select(p => p.Key).Except(Known))
        {
            warnings.Add($"matchers.{key} is not known here; its route matches nothing.");
            made._conditions.Add(_ => false);
        }

        made.AddPath(matcher, warnings);
        foreach (var header in matcher.ListAt("headers"))
        {
            made._conditions.Add(HeaderCondition(header, warnings));
        }

        var methods = matcher.ListAt("methods").Select(m => m.Text()).OfType<string>().ToList();
        if (methods.Count > 0)
        {
            made._conditions.Add(r => methods.Contains(r.Method, StringComparer.OrdinalIgnoreCase));
        }

        return made;
    }

    private void AddPath(JsonNode matcher, List<string> warnings)
    {
        if (matcher.Text("exact") is { } exact)
        {
            _conditions.Add(r => r.Path == exact);
        }
        else if (matcher.Text("regex") is { } regex)
        {
            _conditions.Add(RequestPattern.Whole(regex, r => r.Path, warnings));
        }
        else if (matcher.Text("prefix") is { } prefix)
        {
            // Of characters, not of path elements.
            _conditions.Add(r => r.Path.StartsWith(prefix, StringComparison.Ordinal));
        }
    }

    private static Func<RoutedRequest, bool> HeaderCondition(JsonNode header, List<string> warnings)
    {
        var name = header.Text("name") ?? "";
        var value = header.Text("value") ?? "";
        var isInverted = header.Flag("invertMatch") == true;
        Func<RoutedRequest, bool> holds = header.Flag("regex") == true ? RequestPattern.Whole(value, r => r.Headers[name].ToString(), warnings)
            : value.Length == 0 ? r => r.Headers.ContainsKey(name)
            : r => r.Headers[name].ToString() == value;
        return isInverted ? r => !holds(r) : holds;
    }
}
