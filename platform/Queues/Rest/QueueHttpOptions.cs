namespace CanaryFunctions.Platform.Queues.Rest;

/// <summary>How requests to a queue service are made. All durations are wall clock.</summary>
public sealed record QueueHttpOptions
{
    /// <summary>For one attempt. Default 10 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Attempts of a request that may be repeated. Default 4.</summary>
    public int Attempts { get; init; } = 4;

    /// <summary>Wait before the second attempt; doubles, with jitter. A busy service asks for 2 s, the default.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A service that asks us to stay away for longer gets its way: the request fails at once. Default 30 s.</summary>
    public TimeSpan LongestRetryAfter { get; init; } = TimeSpan.FromSeconds(30);
}
