namespace CanaryFunctions.Cluster.Tests.Scale;

/// <summary>How large a scale run is.</summary>
/// <param name="Canaries">Released at once.</param>
/// <param name="Idle">How long they are watched at rest.</param>
internal sealed record ScaleOptions(int Canaries, TimeSpan Idle)
{
    internal const int Namespaces = 4;
    internal const string Interval = "10s";
    internal const int StepWeight = 20;
    internal const int MaxWeight = 60;

    /// <summary>In every run of the tests.</summary>
    internal static readonly ScaleOptions Short = new(20, TimeSpan.FromSeconds(20));

    /// <summary>The issue's.</summary>
    internal static readonly ScaleOptions Full = new(200, TimeSpan.FromSeconds(90));
}
