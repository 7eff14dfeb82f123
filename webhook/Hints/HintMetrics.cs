using System.Diagnostics.Metrics;

namespace CanaryFunctions.Webhook.Hints;

/// <summary>Counts what became of hints. Thread-safe.</summary>
internal sealed class HintMetrics(Meter meter)
{
    private readonly Counter<long> _hints = meter.CreateCounter<long>("canary.webhook.hints", "{hint}", "Hints of writes that admission saw, by what became of them.");
    private readonly long[] _counts = new long[Enum.GetValues<HintResult>().Length];
    private long _failuresInARow;

    /// <summary>Hints that the queue did not take since it took one last.</summary>
    public long FailuresInARow => Interlocked.Read(ref _failuresInARow);

    public void Count(HintResult result)
    {
        Interlocked.Increment(ref _counts[(int)result]);
        if (result == HintResult.Sent)
        {
            Interlocked.Exchange(ref _failuresInARow, 0);
        }
        else if (result == HintResult.Failed)
        {
            Interlocked.Increment(ref _failuresInARow);
        }

        _hints.Add(1, new KeyValuePair<string, object?>("result", NameOf(result)));
    }

    public long CountOf(HintResult result) => Interlocked.Read(ref _counts[(int)result]);

    private static string NameOf(HintResult result) => result switch
    {
        HintResult.Sent => "sent",
        HintResult.Failed => "failed",
        _ => "dropped",
    };
}

internal enum HintResult
{
    /// <summary>The queue has it.</summary>
    Sent,

    /// <summary>The queue refused it, or did not answer in time.</summary>
    Failed,

    /// <summary>Too many waited, or the process ended.</summary>
    Dropped,
}
