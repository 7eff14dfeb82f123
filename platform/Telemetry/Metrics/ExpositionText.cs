using System.Text;
using CanaryFunctions.Core;

namespace CanaryFunctions.Platform.Telemetry.Metrics;

/// <summary>Writes Prometheus' text exposition format 0.0.4.</summary>
public static class ExpositionText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>The families in their order; those without samples are left out.</summary>
    public static string Of(IEnumerable<MetricFamily> families)
    {
        var text = new StringBuilder();
        foreach (var family in families.Where(f => f.Samples.Count > 0))
        {
            text.Append("# HELP ").Append(family.Name).Append(' ').Append(Escaped(family.Help, quotes: false)).Append('\n');
            text.Append("# TYPE ").Append(family.Name).Append(' ').Append(family.Type).Append('\n');
            foreach (var sample in family.Samples)
            {
                text.Append(family.Name).Append(sample.Suffix);
                AppendLabels(text, sample.Labels);
                text.Append(' ').Append(GoNumber.Shortest(sample.Value)).Append('\n');
            }
        }

        return text.ToString();
    }

    private static void AppendLabels(StringBuilder text, IReadOnlyList<KeyValuePair<string, string>> labels)
    {
        if (labels.Count == 0)
        {
            return;
        }

        text.Append('{').AppendJoin(',', labels.Select(l => $"{l.Key}=\"{Escaped(l.Value, quotes: true)}\"")).Append('}');
    }

    private static string Escaped(string text, bool quotes)
    {
        var escaped = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return quotes ? escaped.Replace("\"", "\\\"", StringComparison.Ordinal) : escaped;
    }
}
