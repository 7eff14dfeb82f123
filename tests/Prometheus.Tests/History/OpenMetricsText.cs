using System.Globalization;
using CanaryFunctions.Simulator.Metrics;

namespace CanaryFunctions.Prometheus.Tests.History;

/// <summary>Writes samples as OpenMetrics text, which <c>promtool tsdb create-blocks-from openmetrics</c> takes.</summary>
internal static class OpenMetricsText
{
    public static void Write(TextWriter output, IEnumerable<HistorySeries> history, long beforeMs)
    {
        foreach (var series in history)
        {
            var labels = string.Join(',', series.Labels.Pairs.Where(p => p.Key != Labels.MetricName).Select(p => $"{p.Key}=\"{p.Value}\""));
            foreach (var sample in series.Samples.TakeWhile(s => s.TimeMs < beforeMs))
            {
                output.Write(string.Create(CultureInfo.InvariantCulture, $"{series.Labels.Name}{{{labels}}} {sample.Value:R} {sample.TimeMs / 1000.0}\n"));
            }
        }

        output.Write("# EOF\n");
    }
}
