using CanaryFunctions.Core.Objects;
using CanaryFunctions.Simulator.Workloads;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Simulator.Gateway.Smi;

/// <summary>
/// The cluster's TrafficSplits. They are stored as they were written, whatever the version, so that watching one version shows those of all.
/// </summary>
internal sealed class TrafficSplits
{
    private static readonly ResourceKind Kind = new("split.smi-spec.io", "v1alpha1", "TrafficSplit", "trafficsplits");

    private readonly ObjectCache _objects;
    private readonly ILogger _logger;
    private readonly SortedDictionary<string, TrafficSplit> _byName = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private volatile TrafficSplit[] _all = [];

    public TrafficSplits(ClusterCache cache, ILogger logger)
    {
        (_objects, _logger) = (cache.For(Kind), logger);
        _objects.Changed += (key, _, _) => Reload(key);
        foreach (var obj in _objects.All)
        {
            Reload(ObjectKey.Of(obj));
        }
    }

    public Task Synced => _objects.Synced;

    /// <summary>In order of their names.</summary>
    public IReadOnlyList<TrafficSplit> All => _all;

    // Only the changed object is read again: the others keep their place in their turns.
    private void Reload(ObjectKey key)
    {
        List<string> warnings = [];
        lock (_lock)
        {
            if (_objects.Find(key) is { } obj && TrafficSplit.Of(obj, warnings) is { } split)
            {
                _byName[key.ToString()] = split;
            }
            else
            {
                _byName.Remove(key.ToString());
            }

            _all = [.. _byName.Values];
        }

        foreach (var warning in warnings)
        {
            _logger.NotServedAsWritten(Kind.Kind, key, warning);
        }
    }
}
