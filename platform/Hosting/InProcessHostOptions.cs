namespace CanaryFunctions.Platform.Hosting;

/// <summary>How functions run without a Functions host.</summary>
public sealed record InProcessHostOptions
{
    /// <summary>Messages of one queue handled at the same time. Default 8.</summary>
    public int Concurrency { get; init; } = 8;

    /// <summary>For one invocation. Wall clock, default 2 min.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How fast schedules and waits between deliveries run; 1 but in the embedded cluster.</summary>
    public double Speed { get; init; } = 1;

    /// <summary>Looks up the settings that schedules name as <c>%SETTING%</c>. Default: the environment.</summary>
    public Func<string, string?> Setting { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>Whether timer functions run here; not where something else does what they do. Default true.</summary>
    public bool RunTimers { get; init; } = true;
}
