using System.Globalization;

namespace CanaryFunctions.Benchmarks.ColdStart;

/// <summary>
/// <c>cold-start [--runs N] [--compare]</c>: how long the published functions app takes from the start of its process to its first answer and to its first
/// step on a Canary, and how much memory it holds at rest. The first start of each is left out: it reads the files into the system's cache.
/// </summary>
internal static class ColdStartCommand
{
    private const int DefaultRuns = 10;

    /// <returns>Exit code: 0, or 2 for arguments that are not understood.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output, CancellationToken ct)
    {
        if (!TryParse(arguments, out var runs, out var compare))
        {
            await output.WriteLineAsync("usage: cold-start [--runs 1..100] [--compare]");
            return 2;
        }

        var root = Directory.CreateTempSubdirectory("canary-cold-start-");
        try
        {
            await using var stage = await ColdStartStage.OpenAsync(root.FullName, ct);
            var publisher = new AppPublisher(root.FullName);
            await stage.BootstrapAsync(await publisher.PublishAsync(ColdStartVariant.AsPublished, ct), ct);
            var starts = new List<(ColdStartVariant Variant, string Folder, List<StartFigures> Starts)>();
            foreach (var variant in compare ? ColdStartVariant.All : [ColdStartVariant.AsPublished])
            {
                var folder = await publisher.PublishAsync(variant, ct);
                await StartFigures.MeasureAsync(folder, stage, variant, ct);
                starts.Add((variant, folder, []));
            }

            // One of each in turn: what else the machine does meets all of them alike.
            for (var i = 0; i < runs; i++)
            {
                foreach (var (variant, folder, measured) in starts)
                {
                    measured.Add(await StartFigures.MeasureAsync(folder, stage, variant, ct));
                }
            }

            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"medians of {runs} starts (least, most); {Environment.ProcessorCount} processors, .NET {Environment.Version}\n"));
            await output.WriteLineAsync("| | first answer | first step answered | processor time until then | memory at rest | size on disk |\n|---|---|---|---|---|---|");
            starts.ForEach(s => output.WriteLine($"| {s.Variant.Name} | {Columns(s.Starts)} | {AppPublisher.SizeOf(s.Folder) / 1e6:0} MB |"));
            return 0;
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    private static bool TryParse(IReadOnlyList<string> arguments, out int runs, out bool compare)
    {
        (runs, compare) = (DefaultRuns, false);
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i] == "--compare")
            {
                compare = true;
            }
            else if (arguments[i] != "--runs" || ++i == arguments.Count
                || !int.TryParse(arguments[i], NumberStyles.None, CultureInfo.InvariantCulture, out runs) || runs is < 1 or > 100)
            {
                return false;
            }
        }

        return true;
    }

    private static string Columns(IReadOnlyCollection<StartFigures> starts) => string.Join(
        " | ",
        Column(starts.Select(s => s.Answer.TotalMilliseconds), "ms"),
        Column(starts.Select(s => s.Step.TotalMilliseconds), "ms"),
        Column(starts.Select(s => s.Processor.TotalMilliseconds), "ms"),
        Column(starts.Select(s => s.MemoryBytes / 1e6), "MB"));

    private static string Column(IEnumerable<double> values, string unit)
    {
        var sorted = values.Order().ToList();
        var middle = sorted.Count / 2;
        var median = sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return string.Create(CultureInfo.InvariantCulture, $"{median:0} {unit} ({sorted[0]:0}, {sorted[^1]:0})");
    }
}
