using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CanaryFunctions.Core.Conversion;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Admission;

/// <summary>
/// Fields as their author called them. Everything is examined as v1beta1; whoever wrote <c>v1alpha3</c> has a <c>canaryAnalysis</c> and metrics with a
/// <c>threshold</c>, and would look for <c>analysis</c> in vain.
/// </summary>
internal sealed partial class WrittenPaths
{
    private const string Analysis = "spec.analysis";
    private const string CanaryAnalysis = "spec.canaryAnalysis";

    private readonly JsonObject _canary;
    private readonly Spelling? _spelling;

    private WrittenPaths(JsonObject canary, Spelling? spelling) => (_canary, _spelling) = (canary, spelling);

    /// <param name="canary">In v1beta1, with the annotation that conversion left.</param>
    /// <param name="isConverted">Whether it was written as v1alpha3.</param>
    public static WrittenPaths Of(JsonObject canary, bool isConverted) => new(canary, isConverted ? Spelling.Read(canary, Spelling.OfV1Alpha3) : null);

    public SpecProblem Apply(SpecProblem problem) => problem with { Path = Apply(problem.Path) };

    private string Apply(string path)
    {
        if (_spelling is null || !(path == Analysis || path.StartsWith($"{Analysis}.", StringComparison.Ordinal)))
        {
            return path;
        }

        var bound = Bound().Match(path);
        var written = bound.Success && WasThreshold(int.Parse(bound.Groups[1].ValueSpan, CultureInfo.InvariantCulture))
            ? $"{path[..bound.Groups[2].Index]}threshold"
            : path;
        var isRenamed = !_spelling.IsNamedAnalysis && _canary.At("spec", "canaryAnalysis") is null;
        return isRenamed ? $"{CanaryAnalysis}{written[Analysis.Length..]}" : written;
    }

    // Conversion notes which ranges of one bound were written as ranges; those of two have no other spelling.
    private bool WasThreshold(int place)
        => !_spelling!.Metrics.Contains(place)
            && (_canary.At("spec", "analysis", "metrics") as JsonArray)?.ElementAtOrDefault(place).ObjectAt("thresholdRange") is { Count: 1 };

    [GeneratedRegex(@"\.metrics\[(\d{1,6})\]\.(thresholdRange(\.(min|max))?)$", RegexOptions.CultureInvariant)]
    private static partial Regex Bound();
}
