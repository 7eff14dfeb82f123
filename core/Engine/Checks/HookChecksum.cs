using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Engine.Checks;

/// <summary>The <c>checksum</c> that hooks get: FNV-1a over a fixed rendering of tracked configs and applied revision (contracts/hooks-alerts.md 1.4).</summary>
public static class HookChecksum
{
    private const string Letters = "bcdfghjklmnpqrstvwxz2456789";

    public static string Of(CanaryStatus status)
        => Of(status.Others.At("trackedConfigs") is JsonObject configs ? configs.Map() : null, status.LastAppliedSpec ?? "");

    /// <param name="trackedConfigs">Null when configs are not tracked, which is not the same as none.</param>
    public static string Of(IReadOnlyDictionary<string, string>? trackedConfigs, string lastAppliedSpec)
    {
        var configs = trackedConfigs is null
            ? "<nil>"
            : $"map[{string.Join(' ', trackedConfigs.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}:{p.Value}"))}]";
        var text = "(struct { TrackedConfigs *map[string]string; LastAppliedSpec string })"
            + $"{{TrackedConfigs:(*map[string]string){configs} LastAppliedSpec:(string){lastAppliedSpec}}}";
        var hash = 2166136261u;
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            hash = (hash ^ b) * 16777619u;
        }

        return string.Concat(hash.ToString(CultureInfo.InvariantCulture).Select(digit => Letters[digit % Letters.Length]));
    }
}
