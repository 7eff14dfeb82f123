using System.Globalization;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Simulator.Gateway.Smi;

/// <summary>A weight of a TrafficSplit: a number, or a Kubernetes quantity such as <c>"90"</c> or <c>900m</c>, whatever the version says it should be.</summary>
internal static class SplitWeight
{
    // The suffixes of decimal quantities, and what each multiplies by.
    private const string Suffixes = "num?kMGT";

    /// <summary>Null: neither, or below 0.</summary>
    public static double? Read(JsonNode? weight)
        => (weight.Number() ?? OfQuantity(weight.Text() ?? "")) is >= 0 and < double.PositiveInfinity and var value ? value : null;

    private static double? OfQuantity(string text)
    {
        var power = text.Length == 0 ? -1 : Suffixes.IndexOf(text[^1], StringComparison.Ordinal);
        var (digits, scale) = power < 0 ? (text, 1) : (text[..^1], Math.Pow(1000, power - 3));
        return double.TryParse(digits, NumberStyles.Float & ~NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var value) ? value * scale : null;
    }
}
