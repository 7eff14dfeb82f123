using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Platform.Telemetry.Metrics;

namespace CanaryFunctions.Webhook.Metrics;

/// <summary>
/// The metrics of Canaries: those of the contract (contracts/routing-metrics.md 4), and beside them series under <c>canary_</c> that are keyed by the Canary and
/// not by its target, of which two Canaries can have one name.
/// </summary>
internal static class CanarySeries
{
    public static IEnumerable<MetricFamily> Of(IReadOnlyList<CanaryFacts> canaries, string version, string provider)
    {
        yield return MetricFamily.Gauge(
            "flagger_info", "Flagger version and mesh provider information", [MetricSample.Of(1, ("version", version), ("mesh_provider", provider))]);
        foreach (var family in Contract(canaries).Concat(Own(canaries)))
        {
            yield return family;
        }
    }

    private static IEnumerable<MetricFamily> Contract(IReadOnlyList<CanaryFacts> canaries)
    {
        // A label set twice would make the whole page unreadable: of two Canaries with one target name the first by name is shown.
        var shown = canaries.DistinctBy(c => (c.Key.Namespace, c.Target)).ToList();
        yield return MetricFamily.Gauge(
            "flagger_canary_total", "Total number of canary object",
            canaries.GroupBy(c => c.Key.Namespace).Select(g => MetricSample.Of(g.Count(), ("namespace", g.Key))));
        yield return MetricFamily.Gauge("flagger_canary_status", "Last canary analysis result", shown.Select(c => MetricSample.Of(StatusOf(c.Phase), Target(c))));
        yield return MetricFamily.Gauge(
            "flagger_canary_weight", "The virtual service destination weight current value",
            shown.SelectMany(c => (MetricSample[])
            [
                MetricSample.Of(100 - c.Weight, ("workload", $"{c.Target}-primary"), ("namespace", c.Key.Namespace)),
                MetricSample.Of(c.Weight, ("workload", c.Target), ("namespace", c.Key.Namespace)),
            ]).DistinctBy(s => (s.Labels[0], s.Labels[1])));
        yield return MetricFamily.Gauge(
            "flagger_canary_metric_analysis", "Last canary analysis result per metric",
            shown.SelectMany(c => c.Measured.Select(m => MetricSample.Of(m.Value, [.. Target(c), ("metric", m.Key)]))));
        yield return MetricFamily.Counter(
            "flagger_canary_successes_total", "Total number of canary successes",
            shown.SelectMany(c => (MetricSample[])[Ended(c, c.Releases.Succeeded, "completed"), Ended(c, c.Releases.Skipped, "skipped")]));
        yield return MetricFamily.Counter(
            "flagger_canary_failures_total", "Total number of canary failures", shown.Select(c => Ended(c, c.Releases.Failed, "completed")));
    }

    private static IEnumerable<MetricFamily> Own(IReadOnlyList<CanaryFacts> canaries)
    {
        yield return MetricFamily.Gauge("canary_count", "Canaries that exist.", [MetricSample.Of(canaries.Count)]);
        yield return MetricFamily.Gauge(
            "canary_info", "What a Canary releases, and how.",
            canaries.Select(c => MetricSample.Of(
                1, [.. Name(c), ("target_kind", c.TargetKind), ("target", c.Target), ("provider", c.Provider), ("strategy", c.Strategy)])));
        yield return MetricFamily.Gauge("canary_phase", "1 for the phase that the Canary is in.", canaries.Select(c => MetricSample.Of(1, [.. Name(c), ("phase", PhaseOf(c))])));
        yield return MetricFamily.Gauge(
            "canary_weight_percent", "Share of the traffic that a track gets.",
            canaries.SelectMany(c => (MetricSample[])
            [
                MetricSample.Of(100 - c.Weight, [.. Name(c), ("track", "primary")]),
                MetricSample.Of(c.Weight, [.. Name(c), ("track", "canary")]),
            ]));
        yield return MetricFamily.Gauge(
            "canary_failed_checks", "Failed checks of the run, or of the last one while none is under way.", canaries.Select(c => MetricSample.Of(c.FailedChecks, Name(c))));
        yield return MetricFamily.Gauge(
            "canary_last_transition_timestamp_seconds", "When the phase changed last, in Unix time.",
            canaries.Where(c => c.LastTransition is not null).Select(c => MetricSample.Of(c.LastTransition!.Value.ToUnixTimeMilliseconds() / 1000.0, Name(c))));
        yield return MetricFamily.Gauge(
            "canary_metric_value", "Last value of a metric of the analysis.",
            canaries.SelectMany(c => c.Measured.Select(m => MetricSample.Of(m.Value, [.. Name(c), ("metric", m.Key)]))));
        yield return MetricFamily.Counter(
            "canary_releases_total", "Releases that ended since this process first saw the Canary.",
            canaries.SelectMany(c => (MetricSample[])
            [
                MetricSample.Of(c.Releases.Succeeded, [.. Name(c), ("result", "succeeded")]),
                MetricSample.Of(c.Releases.Skipped, [.. Name(c), ("result", "skipped")]),
                MetricSample.Of(c.Releases.Failed, [.. Name(c), ("result", "failed")]),
            ]));
    }

    private static (string Name, string Value)[] Target(CanaryFacts c) => [("name", c.Target), ("namespace", c.Key.Namespace)];

    private static (string Name, string Value)[] Name(CanaryFacts c) => [("namespace", c.Key.Namespace), ("name", c.Key.Name)];

    private static MetricSample Ended(CanaryFacts c, int count, string analysis)
        => MetricSample.Of(count, [.. Target(c), ("deployment_strategy", c.Strategy), ("analysis_status", analysis)]);

    private static string PhaseOf(CanaryFacts c) => c.Phase == CanaryPhase.None ? "New" : c.Phase.ToString();

    private static int StatusOf(CanaryPhase phase) => phase switch
    {
        CanaryPhase.Progressing => 0,
        CanaryPhase.Failed => 2,
        _ => 1,
    };
}
