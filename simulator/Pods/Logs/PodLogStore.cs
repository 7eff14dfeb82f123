using System.Collections.Concurrent;

namespace CanaryFunctions.Simulator.Pods.Logs;

/// <summary>The logs of the containers that run now.</summary>
public sealed class PodLogStore(TimeProvider time)
{
    private readonly ConcurrentDictionary<(string Namespace, string Pod, string Container), PodLog> _logs = new();

    public PodLog Open(string ns, string pod, string container) => _logs[(ns, pod, container)] = new PodLog(time);

    public void Remove(string ns, string pod, string container)
    {
        if (_logs.TryRemove((ns, pod, container), out var log))
        {
            log.Close();
        }
    }

    /// <summary>Null where there is no such log.</summary>
    /// <param name="container">Null for the pod's first one.</param>
    public PodLog? Find(string ns, string pod, string? container) => _logs
        .Where(l => l.Key.Namespace == ns && l.Key.Pod == pod && (container is null || l.Key.Container == container))
        .OrderBy(l => l.Key.Container, StringComparer.Ordinal)
        .Select(l => l.Value)
        .FirstOrDefault();
}
