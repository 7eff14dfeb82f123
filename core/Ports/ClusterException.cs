namespace CanaryFunctions.Core.Ports;

/// <summary>The API server refused a request, or could not be reached. Message and reason are the server's own (<c>metav1.Status</c>).</summary>
/// <param name="statusCode">HTTP status; 0 when there was no answer.</param>
/// <param name="reason"><c>Status.reason</c>, such as <c>Conflict</c>, <c>AlreadyExists</c>, <c>Invalid</c>; empty when there was none.</param>
public sealed class ClusterException(int statusCode, string reason, string message, Exception? inner = null) : Exception(message, inner)
{
    public int StatusCode { get; } = statusCode;

    public string Reason { get; } = reason;

    /// <summary>Somebody else wrote first: read again, decide again.</summary>
    public bool IsConflict => StatusCode == 409;

    public bool IsAlreadyExists => StatusCode == 409 && Reason == "AlreadyExists";

    public bool IsNotFound => StatusCode == 404;

    /// <summary>Trying again later can help: no answer, throttled, or the server failed.</summary>
    public bool IsTransient => StatusCode is 0 or 408 or 429 or >= 500;
}
