namespace CanaryFunctions.Platform.Queues;

/// <summary>A queue service refused, or did not answer. The message says what was asked, without keys, tokens or signatures.</summary>
public sealed class QueueException : Exception
{
    public QueueException(string message, bool isTransient, int status = 0, TimeSpan? retryAfter = null, Exception? inner = null)
        : base(message, inner)
        => (IsTransient, Status, RetryAfter) = (isTransient, status, retryAfter);

    /// <summary>Trying again later can help.</summary>
    public bool IsTransient { get; }

    /// <summary>HTTP status of the answer; 0 when there was none.</summary>
    public int Status { get; }

    /// <summary>How long the service asked us to stay away.</summary>
    public TimeSpan? RetryAfter { get; }
}
