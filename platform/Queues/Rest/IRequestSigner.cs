namespace CanaryFunctions.Platform.Queues.Rest;

/// <summary>Shows a request's right to be answered. The last to touch it: what is signed must not change any more.</summary>
internal interface IRequestSigner
{
    /// <exception cref="QueueException">There is no token to be had.</exception>
    ValueTask SignAsync(HttpRequestMessage request, CancellationToken ct);

    /// <summary>The service refused: what was remembered is made anew.</summary>
    void Forget();
}
