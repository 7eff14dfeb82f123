using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Webhook.Metrics;

/// <summary>All Canaries as the watch tells of them, for <c>/metrics</c>. Thread-safe.</summary>
internal sealed class CanaryBoard
{
    private readonly Lock _gate = new();
    private readonly WatchedSet<CanaryFacts> _facts = new(json => CanaryFacts.Of(Canary.From(json)), (before, now) => now.After(before));

    public void Apply(WatchEvent change)
    {
        lock (_gate)
        {
            _facts.Apply(change);
        }
    }

    /// <summary>By namespace and name.</summary>
    public IReadOnlyList<CanaryFacts> All()
    {
        lock (_gate)
        {
            return [.. _facts.Values.OrderBy(f => f.Key.Namespace, StringComparer.Ordinal).ThenBy(f => f.Key.Name, StringComparer.Ordinal)];
        }
    }
}
