namespace CanaryFunctions.TestKit.ServiceBus;

/// <summary>A shared access policy of the namespace.</summary>
/// <param name="Rights">Of <c>Send</c> and <c>Listen</c>.</param>
public sealed record StandInPolicy(string Name, string Key, params string[] Rights);

/// <summary>A queue's properties; the defaults are the service's.</summary>
public sealed record StandInQueueOptions
{
    public TimeSpan LockDuration { get; init; } = TimeSpan.FromMinutes(1);

    public int MaxDeliveryCount { get; init; } = 10;

    /// <summary>Zero: duplicates are not detected.</summary>
    public TimeSpan DuplicateWindow { get; init; } = TimeSpan.FromMinutes(10);

    public TimeSpan DefaultTimeToLive { get; init; } = TimeSpan.MaxValue;

    /// <summary>Expired messages go among the dead letters instead of away.</summary>
    public bool DeadLetterOnExpiration { get; init; }
}

/// <summary>What goes wrong with one request.</summary>
/// <param name="Status">Answered instead of doing it; 0: the connection breaks.</param>
/// <param name="RetryAfter">Seconds, as the header has them.</param>
/// <param name="IsDone">It is done all the same, and only the answer is lost.</param>
public sealed record StandInFault(int Status = 0, int? RetryAfter = null, bool IsDone = false);

/// <summary>A request as it came.</summary>
/// <param name="Line">Method and path, without the query.</param>
public sealed record StandInRequest(string Line, string Query, IReadOnlyDictionary<string, string> Headers, string Body);
