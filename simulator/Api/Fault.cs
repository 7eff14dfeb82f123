namespace CanaryFunctions.Simulator.Api;

/// <summary>What a test wants to go wrong with one request.</summary>
public sealed record Fault
{
    /// <summary>Waits before anything else happens. Wall-clock time.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Cuts the connection before the request is applied.</summary>
    public bool DropBefore { get; init; }

    /// <summary>Applies the request, then cuts the connection instead of answering: the client cannot know the outcome.</summary>
    public bool DropAfter { get; init; }

    /// <summary>Answers this status without applying the request; 0 for none.</summary>
    public int Status { get; init; }

    /// <summary>Seconds of the Retry-After header that goes with <see cref="Status"/>; null for none.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>Runs before the request is applied, for tests that hold a request until something else has happened.</summary>
    public Func<CancellationToken, Task>? Before { get; init; }

    /// <summary>Runs after the request was applied, before it is answered.</summary>
    public Func<CancellationToken, Task>? After { get; init; }
}
