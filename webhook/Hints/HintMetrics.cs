using System.Diagnostics.Metrics;

namespace CanaryFunctions.Webhook.Hints;

/// <summary>Counts what became of hints.</summary>
internal sealed class HintMetrics : IDisposable
{
    private readonly Meter _meter = new("CanaryFunctions.Webhook");
    private readonly Counter<long> _hints;
    private readonly long[] _counts = new long[Enum.GetValues<HintResult>().Length];

    public HintMetrics() => _hints = _meter.CreateCounter<long>("canary.webhook.hints", "{hint}", "Hints of writes that admission saw.");

    public void Count(HintResult result)
    {
        Interlocked.Increment(ref _counts[(int)result]);
        _hints.Add(1, new KeyValuePair<string, object?>("canary.result", result.ToString()));
    }

    public long CountOf(HintResult result) => Interlocked.Read(ref _counts[(int)result]);

    public void Dispose() => _meter.Dispose();
}

internal enum HintResult
{
    Sent,
    Failed,
    Dropped,
}
