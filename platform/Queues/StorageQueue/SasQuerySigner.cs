using CanaryFunctions.Platform.Queues.Rest;

namespace CanaryFunctions.Platform.Queues.StorageQueue;

/// <summary>Adds a shared access signature that somebody made to each request's query.</summary>
/// <param name="sas">Without a leading question mark.</param>
internal sealed class SasQuerySigner(string sas) : IRequestSigner
{
    public ValueTask SignAsync(HttpRequestMessage request, CancellationToken ct)
    {
        var url = request.RequestUri!.AbsoluteUri;
        request.RequestUri = new Uri($"{url}{(url.Contains('?') ? '&' : '?')}{sas}");
        return ValueTask.CompletedTask;
    }

    public void Forget()
    {
        // There is nothing to make anew.
    }
}
