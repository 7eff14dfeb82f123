namespace CanaryFunctions.Simulator.Gateway;

/// <summary>What Envoy counts by, and what is built on it.</summary>
internal static class EnvoyBuckets
{
    /// <summary>Envoy's default upper bounds of times.</summary>
    public static readonly double[] Milliseconds =
        [.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000, 300_000, 600_000, 1_800_000, 3_600_000];
}
