using System.Collections.Concurrent;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Simulator.Metrics;
using CanaryFunctions.Simulator.Network;
using CanaryFunctions.Simulator.Workloads;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Simulator.Gateway.Skipper;

/// <summary>Routes by Ingress objects of class <c>skipper</c>, and exports Skipper's metric series.</summary>
public sealed class SkipperDataPlane : IDataPlane
{
    private readonly ObjectCache _ingresses;
    private readonly SkipperMeters _meters;
    private readonly ConcurrentDictionary<string, IRouteMeter> _meterOfRoute = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, IReadOnlyList<SkipperRoute>> _routesOfIngress = new(StringComparer.Ordinal);
    private readonly ILogger<SkipperDataPlane> _logger;
    private readonly Lock _lock = new();
    private volatile SkipperRoute[] _table = [];

    /// <param name="metrics">Takes its series.</param>
    public SkipperDataPlane(ClusterCache cache, MetricRegistry metrics, ILogger<SkipperDataPlane> logger)
    {
        _logger = logger;
        _meters = new SkipperMeters(metrics);
        _ingresses = cache.For(Kinds.Ingress);
        _ingresses.Changed += (key, _, _) => Reload(key);
        foreach (var ingress in _ingresses.All)
        {
            Reload(ObjectKey.Of(ingress));
        }
    }

    public string Name => SkipperNames.IngressClass;

    public Task Synced => _ingresses.Synced;

    public RouteMatch? Match(RoutedRequest request)
    {
        foreach (var route in _table)
        {
            if (route.Matches(request))
            {
                return route.Backends.Next();
            }
        }

        return null;
    }

    public bool KnowsHost(string host)
    {
        var lower = host.ToLowerInvariant();
        return Array.Exists(_table, r => r.Host.Length > 0 && r.MatchesHost(lower));
    }

    // Only the changed Ingress is read again: the others keep their place in the turns of their backends.
    private void Reload(ObjectKey key)
    {
        lock (_lock)
        {
            List<string> warnings = [];
            var name = key.ToString();
            if (_ingresses.Find(key) is { } ingress && SkipperIngress.IsOurs(ingress))
            {
                _routesOfIngress[name] = SkipperIngress.Routes(ingress, MeterOf, warnings);
            }
            else
            {
                _routesOfIngress.Remove(name);
            }

            _table = [.. _routesOfIngress.Values.SelectMany(r => r).OrderByDescending(r => r.Path.Specificity).ThenByDescending(r => r.Priority)];
            foreach (var warning in warnings)
            {
                _logger.NotServedAsWritten(Kinds.Ingress.Kind, key, warning);
            }
        }
    }

    private IRouteMeter MeterOf(string routeId) => _meterOfRoute.GetOrAdd(routeId, _meters.For);
}
