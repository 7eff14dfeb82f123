using System.Globalization;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Routing;

namespace CanaryFunctions.Providers.Routers.Smi;

/// <summary>
/// Weights of TrafficSplits (contracts/routing-metrics.md 1.7): shares of their sum. The first version has Kubernetes quantities, which are text, the later ones
/// have whole numbers. Others may have written either, and early SMI used thousandths: <c>900m</c> beside <c>100m</c>.
/// </summary>
internal static class SplitWeights
{
    private const double Tolerance = 1e-6;

    /// <summary>The weight; null when it is neither a number nor a decimal quantity, or below 0.</summary>
    public static double? Read(JsonNode? weight)
        => (weight.Number() ?? (weight.Text() is { } quantity ? Quantity(quantity) : null)) is { } value && value >= 0 && double.IsFinite(value) ? value : null;

    /// <summary>As the version wants it.</summary>
    public static JsonNode Write(int weight, bool asQuantity) => asQuantity ? weight.ToString(CultureInfo.InvariantCulture) : weight;

    /// <summary>The split that two weights make; null when one is missing, both are 0, or the share is no whole percentage.</summary>
    public static TrafficSplit? Split(double? primary, double? canary)
    {
        var share = 100 * canary / (primary + canary);
        return share is { } s && double.IsFinite(s) && Math.Abs(s - Math.Round(s)) < Tolerance ? TrafficSplit.ToCanary((int)Math.Round(s)) : null;
    }

    private static double? Quantity(string text)
    {
        if (Parse(text) is { } plain)
        {
            return plain;
        }

        double? scale = text.Length == 0 ? null : text[^1] switch
        {
            'n' => 1e-9,
            'u' => 1e-6,
            'm' => 1e-3,
            'k' => 1e3,
            'M' => 1e6,
            'G' => 1e9,
            'T' => 1e12,
            _ => null,
        };
        return scale is null ? null : Parse(text[..^1]) * scale;
    }

    private static double? Parse(string text)
        => double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var value)
            ? value
            : null;
}
