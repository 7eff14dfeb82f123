using System.Text.Json.Nodes;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Platform.Kubernetes;

/// <summary>Sends a write, and reads again when nobody said what became of it. A conflict is never tried again: it means that the caller decided on old facts.</summary>
internal sealed class WriteSender(ApiCaller caller, KubernetesClientOptions options, TimeProvider time)
{
    /// <summary>The object as stored; for a delete whatever the server answered, or null when the object was gone.</summary>
    /// <exception cref="ClusterException">Refused, overtaken, or still unknown after all attempts.</exception>
    public async Task<JsonObject?> SendAsync(PendingWrite write, CancellationToken ct)
    {
        for (var attempt = 0; ; attempt++)
        {
            var (answer, error) = await TryAsync(write, ct);
            if (error is null)
            {
                return answer;
            }

            // A refusal counts as it stands, unless an attempt before it may itself be what is in the way.
            var unknown = error.StatusCode is 0 or >= 500;
            if (write.Judge is null || (!unknown && (attempt == 0 || error.StatusCode is not (404 or 409))))
            {
                throw error;
            }

            var stored = await ReadAsync(write, error, ct);
            switch (write.Judge(stored))
            {
                case WriteOutcome.Done:
                    return stored;
                case WriteOutcome.Overtaken:
                    throw unknown ? Overtaken(write, error) : error;
                case WriteOutcome.NotDone when !unknown || attempt + 1 >= options.MaxAttempts:
                    throw error;
            }

            await Task.Delay(caller.Delay(attempt), time, ct);
        }
    }

    private static ClusterException Overtaken(PendingWrite write, ClusterException error) => write.Method == HttpMethod.Post
        ? new(409, "AlreadyExists", $"The write was not answered, and another object of that name is there ({error.Message}).", error)
        : new(409, "Conflict", $"The write was not answered, and the object was changed by somebody else since it was read ({error.Message}).", error);

    private async Task<(JsonObject? Answer, ClusterException? Error)> TryAsync(PendingWrite write, CancellationToken ct)
    {
        try
        {
            var answer = await caller.WriteAsync(write.Method, write.Path, write.Body, write.ContentType, ct);
            return answer.IsSuccess ? (answer.Object(), null) : (null, answer.Error());
        }
        catch (ClusterException e)
        {
            return (null, e);
        }
    }

    private async Task<JsonObject?> ReadAsync(PendingWrite write, ClusterException error, CancellationToken ct)
    {
        try
        {
            var answer = await caller.ReadAsync(write.ReadPath, ApiPaths.Json, ct);
            return answer.IsNotFound ? null : answer.Object();
        }
        catch (ClusterException e)
        {
            // The write's own error says what happened; that nothing can be read either is its detail.
            throw new ClusterException(error.StatusCode, error.Reason, $"{error.Message} (and what became of it cannot be read: {e.Message})", error);
        }
    }
}
