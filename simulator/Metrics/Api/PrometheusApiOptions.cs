using CanaryFunctions.Simulator.Metrics.PromQl;

namespace CanaryFunctions.Simulator.Metrics.Api;

/// <summary>Options of the query API.</summary>
public sealed record PrometheusApiOptions
{
    /// <summary>The clock: the default evaluation time and the limit of <c>timeout</c>.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Nominal seconds in a second of wall time, more than 0. Default 1.</summary>
    public double Speed { get; init; } = 1;

    /// <summary>How far back an instant selector looks, nominal time. Default five minutes.</summary>
    public TimeSpan Lookback { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a query may take at most, wall time; <c>timeout</c> may only shorten it. Default 30 seconds.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    internal PromQlOptions ForEngine => new() { Speed = Speed, Lookback = Lookback };
}
