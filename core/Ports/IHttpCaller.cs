namespace CanaryFunctions.Core.Ports;

/// <summary>HTTP to the outside: hooks, metric servers, chat. One place knows about proxies, certificates, and how cluster-internal names are reached.</summary>
public interface IHttpCaller
{
    /// <summary>Sends one request and reads the whole answer (bounded). Any status is an answer; no answer is an <see cref="HttpCallException"/>.</summary>
    Task<HttpAnswer> SendAsync(HttpCall call, CancellationToken ct);
}

/// <summary>One HTTP request.</summary>
/// <param name="Timeout">For one attempt: connect, headers and body. Wall clock.</param>
public sealed record HttpCall(string Method, Uri Url, TimeSpan Timeout)
{
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    public string? Body { get; init; }

    public string ContentType { get; init; } = "application/json";

    /// <summary>Do not verify the server's certificate.</summary>
    public bool InsecureSkipVerify { get; init; }

    /// <summary>A proxy for this call; null for the environment's.</summary>
    public Uri? Proxy { get; init; }

    /// <summary>Further attempts after no answer, 429, and 5xx other than 501 (contracts/hooks-alerts.md 1.3).</summary>
    public int Retries { get; init; }

    /// <summary>Name used in errors and logs instead of the URL, where the URL is itself a secret.</summary>
    public string? DisplayName { get; init; }
}

/// <summary>An answer; <see cref="Body"/> is cut at 64 KiB unless it is the answer to a query.</summary>
public sealed record HttpAnswer(int Status, string Body, TimeSpan? RetryAfter = null)
{
    public bool IsSuccess => Status is >= 200 and < 300;
}

/// <summary>No answer came: refused, timed out, untrusted certificate, unknown name. The message never holds a secret.</summary>
public sealed class HttpCallException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>There is no way from here to who was called (design.md rule 18), which says nothing about him.</summary>
    public bool IsUnreachable { get; init; }
}
