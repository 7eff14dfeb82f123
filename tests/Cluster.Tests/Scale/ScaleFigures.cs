using System.Globalization;

namespace CanaryFunctions.Cluster.Tests.Scale;

/// <summary>What a scale run measured.</summary>
internal sealed record ScaleFigures
{
    internal required int Canaries { get; init; }

    /// <summary>From the first write of an image to the last promotion.</summary>
    internal required TimeSpan Duration { get; init; }

    internal required int Promoted { get; init; }

    internal required int Steps { get; init; }

    /// <summary>How long after its time each step's status was seen.</summary>
    internal required IReadOnlyList<TimeSpan> Late { get; init; }

    /// <summary>The same of the analysis' ticks: not of the looks while pods start.</summary>
    internal required IReadOnlyList<TimeSpan> TicksLate { get; init; }

    /// <summary>The product's requests to the API server while releasing, watches and Leases among them: how many of which kind, such as <c>get services</c>.</summary>
    internal required IReadOnlyDictionary<string, int> RequestKinds { get; init; }

    internal int Requests => RequestKinds.Values.Sum();

    internal required TimeSpan Processor { get; init; }

    internal required double IdleRequestsPerMinute { get; init; }

    internal required double IdleProcessorPercent { get; init; }

    internal required double MemoryMegabytes { get; init; }

    internal static TimeSpan At(double share, IReadOnlyList<TimeSpan> all)
    {
        var sorted = all.Order().ToList();
        return sorted.Count == 0 ? TimeSpan.Zero : sorted[Math.Min(sorted.Count - 1, (int)(share * sorted.Count))];
    }

    /// <summary>A Markdown table.</summary>
    internal string Table() => string.Create(CultureInfo.InvariantCulture, $"""
        | {Canaries} Canaries released at once, interval {ScaleOptions.Interval} | |
        |---|---|
        | promoted | {Promoted} of {Canaries} |
        | first image set to last promotion | {Duration.TotalSeconds:0} s |
        | steps | {Steps} |
        | ticks of the analysis: its status is written so long after its time, p50 / p90 / p99 / max | {Spread(TicksLate)} |
        | the same of all steps, most of which wait for pods | {Spread(Late)} |
        | requests to the API server a step | {(double)Requests / Math.Max(1, Steps):0.0} |
        | processor time a step | {Processor.TotalMilliseconds / Math.Max(1, Steps):0.0} ms |
        | at rest: requests a minute | {IdleRequestsPerMinute:0} |
        | at rest: processor | {IdleProcessorPercent:0.0} % of a core |
        | memory of the process | {MemoryMegabytes:0} MB |

        Requests a step by kind: {string.Join(", ", RequestKinds.OrderByDescending(k => k.Value).Take(14).Select(Kind))}.
        """);

    private static string Spread(IReadOnlyList<TimeSpan> late) => string.Create(
        CultureInfo.InvariantCulture, $"{At(0.5, late).TotalSeconds:0.00} / {At(0.9, late).TotalSeconds:0.00} / {At(0.99, late).TotalSeconds:0.00} / {At(1, late).TotalSeconds:0.00} s");

    private string Kind(KeyValuePair<string, int> kind) => string.Create(CultureInfo.InvariantCulture, $"{kind.Key} {(double)kind.Value / Math.Max(1, Steps):0.0}");
}
