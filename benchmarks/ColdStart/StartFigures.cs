namespace CanaryFunctions.Benchmarks.ColdStart;

/// <summary>One start.</summary>
/// <param name="Answer">From the start of the process to its first HTTP answer.</param>
/// <param name="Step">From the start of the process to the answer of its first step.</param>
/// <param name="Processor">Processor time up to that answer, of all threads: what does not change with what else the machine does.</param>
/// <param name="MemoryBytes">Resident set some time after that step.</param>
internal sealed record StartFigures(TimeSpan Answer, TimeSpan Step, TimeSpan Processor, long MemoryBytes)
{
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    public static async Task<StartFigures> MeasureAsync(string folder, ColdStartStage stage, ColdStartVariant variant, CancellationToken ct)
    {
        var settings = new Dictionary<string, string>(stage.Settings.Concat(variant.Environment));
        var time = TimeProvider.System;
        var start = time.GetTimestamp();
        await using var app = await AppProcess.StartAsync(folder, settings, ct);
        var answer = time.GetElapsedTime(start);
        await app.StepAsync(ct);
        var (step, processor) = (time.GetElapsedTime(start), app.ProcessorTime);
        await Task.Delay(Rest, time, ct);
        return new(answer, step, processor, app.MemoryBytes);
    }
}
