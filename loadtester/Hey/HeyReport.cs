using System.Globalization;
using System.Text;

namespace CanaryFunctions.LoadTester.Hey;

/// <summary>The summary at the end of a load, with hey's headings (contracts/hooks-alerts.md 4.2).</summary>
/// <param name="Stats">All workers together.</param>
/// <param name="Total">How long the load ran, nominal, so that requests per second compare with -q at any speed.</param>
internal sealed record HeyReport(HeyStats Stats, TimeSpan Total)
{
    private const int Bars = 10;
    private const int LongestBar = 40;

    private static readonly int[] Percentiles = [10, 25, 50, 75, 90, 95, 99];

    public string ToText()
    {
        var text = new StringBuilder();
        var seconds = Stats.Seconds.Order().ToArray();
        Summary(text, seconds);
        if (seconds.Length > 0)
        {
            Histogram(text, seconds);
            Latencies(text, seconds);
            text.Append("\nDetails (average, fastest, slowest):\n");
            Detail(text, "resp wait", Stats.Wait);
            Detail(text, "resp read", Stats.Read);
            text.Append("\nStatus code distribution:\n");
            foreach (var (status, count) in Stats.Statuses.OrderBy(s => s.Key))
            {
                text.Append(CultureInfo.InvariantCulture, $"  [{status}]\t{count} responses\n");
            }
        }

        if (Stats.Errors.Count > 0)
        {
            text.Append("\nError distribution:\n");
            foreach (var (error, count) in Stats.Errors.OrderByDescending(e => e.Value).ThenBy(e => e.Key, StringComparer.Ordinal))
            {
                text.Append(CultureInfo.InvariantCulture, $"  [{count}]\t{error}\n");
            }
        }

        return text.ToString();
    }

    private void Summary(StringBuilder text, double[] sorted)
    {
        var total = Total.TotalSeconds;
        var rate = total > 0 ? (Stats.Answers + Stats.Failures) / total : 0;
        text.Append("\nSummary:\n");
        Line(text, "Total", Secs(total));
        Line(text, "Slowest", Secs(sorted.LastOrDefault()));
        Line(text, "Fastest", Secs(sorted.FirstOrDefault()));
        Line(text, "Average", Secs(sorted.Length == 0 ? 0 : sorted.Average()));
        Line(text, "Requests/sec", rate.ToString("F4", CultureInfo.InvariantCulture));
        if (Stats.Bytes > 0)
        {
            text.Append('\n');
            Line(text, "Total data", $"{Stats.Bytes} bytes");
            Line(text, "Size/request", $"{Stats.Bytes / Stats.Answers} bytes");
        }
    }

    /// <summary>Eleven marks from fastest to slowest; each counts the answers above the mark before it.</summary>
    private static void Histogram(StringBuilder text, double[] sorted)
    {
        var width = (sorted[^1] - sorted[0]) / Bars;
        var counts = new int[Bars + 1];
        foreach (var value in sorted)
        {
            var bar = width > 0 ? (int)Math.Ceiling((value - sorted[0]) / width) : 0;
            counts[Math.Clamp(bar, 0, Bars)]++;
        }

        text.Append("\nResponse time histogram:\n");
        for (var i = 0; i <= Bars; i++)
        {
            var bar = new string('■', (counts[i] * LongestBar + counts.Max() / 2) / counts.Max());
            text.Append(CultureInfo.InvariantCulture, $"  {sorted[0] + (width * i):F3} [{counts[i]}]\t|{bar}\n");
        }
    }

    private static void Latencies(StringBuilder text, double[] sorted)
    {
        text.Append("\nLatency distribution:\n");
        foreach (var percent in Percentiles)
        {
            var rank = (int)Math.Ceiling(percent / 100.0 * sorted.Length);
            text.Append(CultureInfo.InvariantCulture, $"  {percent}% in {Secs(sorted[Math.Max(rank, 1) - 1])}\n");
        }
    }

    private static void Detail(StringBuilder text, string name, HeyStats.Spread spread)
        => Line(text, name, $"{Secs(spread.Average)}, {Secs(spread.Fastest)}, {Secs(spread.Slowest)}");

    private static void Line(StringBuilder text, string name, string value) => text.Append("  ").Append(name).Append(":\t").Append(value).Append('\n');

    private static string Secs(double seconds) => $"{seconds.ToString("F4", CultureInfo.InvariantCulture)} secs";
}
