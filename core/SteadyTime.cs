namespace CanaryFunctions.Core;

/// <summary>Time for waits: a clock that nobody sets, unlike the one on the wall.</summary>
public static class SteadyTime
{
    /// <summary>Since a moment that stays the same while the process runs.</summary>
    public static TimeSpan Steady(this TimeProvider time) => time.GetElapsedTime(0);
}
