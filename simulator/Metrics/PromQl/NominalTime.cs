namespace CanaryFunctions.Simulator.Metrics.PromQl;

/// <summary>
/// The one place that knows the cluster's speed. Nominal milliseconds are wall-clock milliseconds times the speed, so that all
/// durations of a query (windows, offsets, lookback) and all per-second results come out in nominal time without a factor anywhere else.
/// </summary>
/// <param name="speed">Nominal seconds in a second of wall time; 1 in production.</param>
internal sealed class NominalTime(double speed)
{
    public long FromWall(long wallMs) => (long)Math.Round(wallMs * speed);

    /// <summary>The wall-clock millisecond of a nominal time. Exact for times that came from the wall clock at a speed of 1 and more.</summary>
    public long ToWall(long nominalMs) => (long)Math.Round(nominalMs / speed);

    /// <summary>Seconds since 1970 by the wall clock.</summary>
    public double WallSeconds(long nominalMs) => ToWall(nominalMs) / 1000.0;
}
