using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Conversion;

/// <summary>
/// A Canary between <c>flagger.app/v1alpha3</c> and <c>v1beta1</c> (contracts/core.md 1.9): <c>canaryAnalysis</c> is <c>analysis</c>, and a metric's
/// <c>threshold</c> is a bound of its <c>thresholdRange</c>. Everything else is the same in both, status included. What was spelled otherwise is noted in an
/// annotation of the converted object (<see cref="Spelling"/>), so that the way there and back changes nothing.
/// </summary>
/// <remarks>With both <c>analysis</c> and <c>canaryAnalysis</c> there, <c>analysis</c> is the one that counts, and both keep their names.</remarks>
public static class CanaryConversion
{
    private const string Analysis = "analysis";
    private const string CanaryAnalysis = "canaryAnalysis";

    /// <summary>A v1alpha3 Canary as v1beta1; the argument stays as it is.</summary>
    public static JsonObject ToV1Beta1(JsonObject canary)
    {
        var (result, spelling) = Begin(canary, ApiVersions.V1Beta1, Spelling.OfV1Beta1);
        if (result["spec"] is JsonObject spec && BlockOf(spec) is { } block)
        {
            var isNamedAnalysis = block == Analysis && !spec.ContainsKey(CanaryAnalysis);
            Rename(spec, block, Analysis);
            var ranges = MetricThresholds.ToRanges(spec[Analysis], spelling.Metrics);
            new Spelling(isNamedAnalysis, ranges).Note(result, Spelling.OfV1Alpha3);
        }

        return result;
    }

    /// <summary>A v1beta1 Canary as v1alpha3; the argument stays as it is.</summary>
    public static JsonObject ToV1Alpha3(JsonObject canary)
    {
        var (result, spelling) = Begin(canary, ApiVersions.V1Alpha3, Spelling.OfV1Alpha3);
        if (result["spec"] is JsonObject spec && BlockOf(spec) is { } block)
        {
            var name = spelling.IsNamedAnalysis || spec.ContainsKey(CanaryAnalysis) ? block : CanaryAnalysis;
            Rename(spec, block, name);
            var thresholds = MetricThresholds.ToThresholds(spec[name], spelling.Metrics);
            new Spelling(false, thresholds).Note(result, Spelling.OfV1Beta1);
        }

        return result;
    }

    /// <summary>
    /// A stored Canary as it was meant. One that was applied as v1alpha3 while no conversion was registered is v1beta1 by name only: its analysis is still called
    /// <c>canaryAnalysis</c>. Others are returned as they are.
    /// </summary>
    public static JsonObject Mend(JsonObject canary)
        => canary.At("spec", Analysis) is null && canary.At("spec", CanaryAnalysis) is not null ? ToV1Beta1(canary) : canary;

    // Of the two annotations one is read here; the other tells of an older state.
    private static (JsonObject Result, Spelling Spelling) Begin(JsonObject canary, string apiVersion, string annotation)
    {
        var result = canary.Copy();
        result["apiVersion"] = apiVersion;
        var spelling = Spelling.Read(result, annotation);
        Spelling.Forget(result);
        return (result, spelling);
    }

    // Null is the API's way to say that nothing is there.
    private static string? BlockOf(JsonObject spec)
    {
        foreach (var name in (string[])[Analysis, CanaryAnalysis])
        {
            if (spec[name] is null)
            {
                spec.Remove(name);
            }
        }

        return spec.ContainsKey(Analysis) ? Analysis : spec.ContainsKey(CanaryAnalysis) ? CanaryAnalysis : null;
    }

    // In its place, so that people find their manifest again.
    private static void Rename(JsonObject spec, string from, string to)
    {
        if (from != to)
        {
            var place = spec.IndexOf(from);
            var value = spec[from];
            spec.RemoveAt(place);
            spec.Insert(place, to, value);
        }
    }
}
