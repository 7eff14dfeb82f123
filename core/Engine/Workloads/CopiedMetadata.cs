using System.Text.Json.Nodes;

namespace CanaryFunctions.Core.Engine.Workloads;

/// <summary>Which labels and annotations of a user's object its generated counterpart gets (contracts/core.md 4.1, 5.2).</summary>
internal static class CopiedMetadata
{
    private const string FluxMarker = "toolkit.fluxcd.io";

    /// <summary>Keys that start with one of the install's prefixes; <c>*</c> takes all. Flux's own keys never.</summary>
    internal static IEnumerable<KeyValuePair<string, string>> Included(IReadOnlyDictionary<string, string> all, IReadOnlyList<string> prefixes)
        => WithoutFlux(all).Where(p => prefixes.Any(prefix => prefix == "*" || (prefix.Length > 0 && p.Key.StartsWith(prefix, StringComparison.Ordinal))));

    /// <summary>Everything but Flux's keys: with them Flux would take the copy for its own and revert it.</summary>
    internal static IEnumerable<KeyValuePair<string, string>> WithoutFlux(IReadOnlyDictionary<string, string> all)
        => all.Where(p => !p.Key.Contains(FluxMarker, StringComparison.Ordinal));

    internal static JsonObject ToJson(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        var json = new JsonObject();
        foreach (var (key, value) in pairs)
        {
            json[key] = value;
        }

        return json;
    }
}
