using CanaryFunctions.Simulator.Api;

namespace CanaryFunctions.Simulator.Pods.Logs;

/// <summary>Gives the API server the text of <c>kubectl logs</c>.</summary>
public sealed class PodLogSource(PodLogStore logs, TimeProvider time) : IPodLogSource
{
    public IAsyncEnumerable<string>? Read(PodLogQuery query, CancellationToken ct)
    {
        DateTimeOffset? since = query.SinceSeconds is { } seconds ? time.GetUtcNow().AddSeconds(-seconds) : null;
        return logs.Find(query.Namespace, query.Pod, query.Container)?.ReadAsync(query.Follow, query.TailLines, since, ct);
    }
}
