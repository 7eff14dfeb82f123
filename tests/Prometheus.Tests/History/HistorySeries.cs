using CanaryFunctions.Simulator.Metrics;

namespace CanaryFunctions.Prometheus.Tests.History;

/// <summary>One series with samples in ascending time; a value may be <see cref="StaleMarker.Value"/>. Times are milliseconds since 1970.</summary>
internal sealed record HistorySeries(Labels Labels, IReadOnlyList<HistorySample> Samples);

internal readonly record struct HistorySample(long TimeMs, double Value);
