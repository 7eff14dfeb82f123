using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Simulator.Network;

namespace CanaryFunctions.Simulator.Gateway.Linkerd;

/// <summary>One entry of an HTTPRoute rule's <c>matches</c>: path, method and headers, all of which have to hold.</summary>
/// <param name="Specificity">Of several that hold the highest one counts, compared from left to right.</param>
internal sealed record HttpRouteMatch(IReadOnlyList<Func<RoutedRequest, bool>> Conditions, (int Path, int Method, int Headers) Specificity)
{
    private const string Exact = "Exact";
    private const string Prefix = "PathPrefix";
    private const string Regex = "RegularExpression";

    /// <summary>What a rule without matches means.</summary>
    public static HttpRouteMatch Everything { get; } = new([], default);

    public bool Holds(RoutedRequest request) => Conditions.All(holds => holds(request));

    /// <param name="warnings">Takes what is not understood. Such a match holds never, because ignoring a condition would take requests that are not its own.</param>
    public static HttpRouteMatch Of(JsonNode match, List<string> warnings)
    {
        List<Func<RoutedRequest, bool>> conditions = [];
        var pathRank = AddPath(match.At("path"), conditions, warnings);
        if (match.Text("method") is { } method)
        {
            conditions.Add(r => r.Method == method);
        }

        var headers = match.ListAt("headers").ToList();
        conditions.AddRange(headers.Select(h => HeaderCondition(h, warnings)));
        foreach (var key in (match as JsonObject ?? []).Select(p => p.Key).Except(["path", "method", "headers"]))
        {
            warnings.Add($"matches.{key} is not known here; its rule takes nothing by this match.");
            conditions.Add(_ => false);
        }

        return new(conditions, (pathRank, match["method"] is null ? 0 : 1, headers.Count));
    }

    private static int AddPath(JsonNode? path, List<Func<RoutedRequest, bool>> conditions, List<string> warnings)
    {
        var (type, value) = (path.Text("type") ?? Prefix, path.Text("value") ?? "/");
        if (type is Exact or Prefix)
        {
            // An exact path goes before any prefix, however long.
            var route = RoutePath.Of(value, type);
            conditions.Add(r => route.Matches(r.Path));
            return type == Exact ? int.MaxValue : route.Specificity;
        }

        conditions.Add(type == Regex ? RequestPattern.Whole(value, r => r.Path, warnings) : Unknown("path", type, warnings));
        return 0;
    }

    private static Func<RoutedRequest, bool> HeaderCondition(JsonNode header, List<string> warnings)
    {
        var (name, value) = (header.Text("name") ?? "", header.Text("value") ?? "");
        return header.Text("type") switch
        {
            null or Exact => r => r.Headers[name].ToString() == value,
            Regex => RequestPattern.Whole(value, r => r.Headers[name].ToString(), warnings),
            var type => Unknown("headers", type, warnings),
        };
    }

    private static Func<RoutedRequest, bool> Unknown(string field, string type, List<string> warnings)
    {
        warnings.Add($"matches.{field}.type: '{type}' is not known here; its rule takes nothing by this match.");
        return _ => false;
    }
}
