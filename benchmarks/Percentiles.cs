using System.Globalization;

namespace CanaryFunctions.Benchmarks;

/// <summary>Durations, sorted.</summary>
internal sealed class Percentiles(IEnumerable<double> seconds)
{
    private readonly double[] _sorted = [.. seconds.Order()];

    internal int Count => _sorted.Length;

    /// <summary>Milliseconds; not a number without any.</summary>
    internal double At(double percent)
        => _sorted.Length == 0 ? double.NaN : 1_000 * _sorted[Math.Clamp((int)Math.Ceiling(percent / 100 * _sorted.Length) - 1, 0, _sorted.Length - 1)];

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"p50 {At(50):0.00} ms, p90 {At(90):0.00} ms, p99 {At(99):0.00} ms, p99.9 {At(99.9):0.00} ms, max {At(100):0.00} ms, {Count} reviews");
}
