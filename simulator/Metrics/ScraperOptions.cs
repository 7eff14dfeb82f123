namespace CanaryFunctions.Simulator.Metrics;

/// <summary>How targets are scraped.</summary>
public sealed record ScraperOptions
{
    /// <summary>Nominal time between two scrapes of a target. Default five seconds.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Nominal seconds in a second of wall time, more than 0. Default 1.</summary>
    public double Speed { get; init; } = 1;

    /// <summary>How long one scrape may take, wall time. Default two seconds.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);
}
