using CanaryFunctions.Core;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Webhook.Metrics;

/// <summary>All Canaries as the watch tells of them, for <c>/metrics</c>. Thread-safe.</summary>
internal sealed class CanaryBoard
{
    private readonly Lock _gate = new();
    private readonly Dictionary<CanaryKey, CanaryFacts> _facts = [];

    // While a list is coming in: what it held so far. The old facts serve until it is complete.
    private HashSet<CanaryKey>? _listed;

    public void Apply(WatchEvent change)
    {
        lock (_gate)
        {
            switch (change.Type)
            {
                case WatchEventType.Reset:
                    _listed = [];
                    break;
                case WatchEventType.Synced:
                    EndList();
                    break;
                case WatchEventType.Deleted:
                    _facts.Remove(KeyOf(change));
                    break;
                default:
                    Set(CanaryFacts.Of(Canary.From(change.Object!)));
                    break;
            }
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

    private static CanaryKey KeyOf(WatchEvent change) => new(change.Object!.Namespace(), change.Object!.Name());

    private void Set(CanaryFacts facts)
    {
        _listed?.Add(facts.Key);
        _facts[facts.Key] = _facts.TryGetValue(facts.Key, out var before) ? facts.After(before) : facts;
    }

    private void EndList()
    {
        foreach (var gone in _listed is { } listed ? _facts.Keys.Where(k => !listed.Contains(k)).ToList() : [])
        {
            _facts.Remove(gone);
        }

        _listed = null;
    }
}
