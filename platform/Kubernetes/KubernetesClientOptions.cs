
namespace CanaryFunctions.Platform.Kubernetes;

/// <summary>How the client sends. The defaults are for production.</summary>
public sealed record KubernetesClientOptions
{
    /// <summary>Handlers that every single attempt passes through, outermost first: counting, faults on purpose. They see no credentials.</summary>
    public IReadOnlyList<DelegatingHandler> Handlers { get; init; } = [];

    /// <summary>Attempts in all, for reads, for 429, and for writes whose outcome was re-read. Default 5.</summary>
    public int MaxAttempts { get; init; } = 5;

    /// <summary>Wait before the second attempt; doubles from one to the next, at most 10 s. Default 200 ms.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>For one attempt, headers and body; watches are not bound by it. Default 30 s.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>After how long the server is asked to end a watch; 30 s more and it counts as dead. Default 290 s.</summary>
    public TimeSpan WatchTimeout { get; init; } = TimeSpan.FromSeconds(290);

    /// <summary>How long discovery is believed. Default 60 s.</summary>
    public TimeSpan DiscoveryAge { get; init; } = TimeSpan.FromSeconds(60);
}
