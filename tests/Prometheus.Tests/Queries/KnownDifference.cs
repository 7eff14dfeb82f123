using System.Text.RegularExpressions;

namespace CanaryFunctions.Prometheus.Tests.Queries;

/// <summary>Where our engine differs from Debian's Prometheus and is to stay so.</summary>
/// <param name="Why">A sentence.</param>
/// <param name="Example">A query that shows it.</param>
/// <param name="Covers">Whether a query may be answered otherwise for this reason.</param>
internal sealed partial record KnownDifference(string Name, string Why, string Example, Func<string, bool> Covers)
{
    /// <summary>Sorted by name. Each has to be seen: one that is mended must go.</summary>
    public static IReadOnlyList<KnownDifference> All { get; } =
    [
        new(
            "atan2",
            "2.42 forgets to take the metric name off the result, which later versions do.",
            "temperature atan2 2",
            query => query.Contains(" atan2 ", StringComparison.Ordinal)),
        new(
            "predict_linear at a time, in a subquery",
            "2.42 moves the window with the subquery's steps although @ holds it.",
            "irate((predict_linear(temperature[2m] @ end(), 0))[2m:30s])",
            query => FixedPrediction().IsMatch(query)),
        new(
            "topk of a sorted vector",
            "Go's sort leaves equal elements in any order, and which of them are among the first follows from it.",
            "bottomk(4, sort(skipper_response_duration_seconds_bucket))",
            query => PickOfSorted().IsMatch(query)),
    ];

    [GeneratedRegex(@"predict_linear\(.* @ .*\)\[\d")]
    private static partial Regex FixedPrediction();

    [GeneratedRegex(@"\b(topk|bottomk)\b.*\bsort(_desc)?\(")]
    private static partial Regex PickOfSorted();
}
