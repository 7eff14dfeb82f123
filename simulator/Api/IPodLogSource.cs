namespace CanaryFunctions.Simulator.Api;

/// <summary>Where the text of `kubectl logs` comes from.</summary>
public interface IPodLogSource
{
    /// <summary>
    /// The pod's lines, oldest first, without line ends; with <see cref="PodLogQuery.Follow"/> the sequence goes on until the
    /// pod ends or the token is cancelled. Null when the pod has no log.
    /// </summary>
    IAsyncEnumerable<string>? Read(PodLogQuery query, CancellationToken ct);
}

/// <summary>What is asked of a pod's log.</summary>
/// <param name="Namespace">The pod's namespace.</param>
/// <param name="Pod">The pod's name.</param>
/// <param name="Container">The container; null for the pod's only one.</param>
/// <param name="Follow">Goes on with new lines.</param>
/// <param name="TailLines">Only so many of the last lines; null for all.</param>
/// <param name="SinceSeconds">Only lines that are at most so old; null for all.</param>
public sealed record PodLogQuery(string Namespace, string Pod, string? Container, bool Follow, int? TailLines, int? SinceSeconds);
