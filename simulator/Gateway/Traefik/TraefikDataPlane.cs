using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Simulator.Metrics;
using CanaryFunctions.Simulator.Network;
using CanaryFunctions.Simulator.Workloads;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Simulator.Gateway.Traefik;

/// <summary>
/// Routes by IngressRoute and TraefikService objects of whichever of Traefik's API groups are installed, and exports Traefik's metric series of services.
/// </summary>
public sealed class TraefikDataPlane : IDataPlane
{
    private const string Route = "IngressRoute";

    // A TraefikService may lead to another one; one that leads to itself must not hold a request for ever.
    private const int MaxHops = 8;

    // Traefik looks into the new group first.
    private static readonly ResourceKind[] KnownKinds =
    [
        new("traefik.io", "v1alpha1", Route, "ingressroutes"),
        new("traefik.io", "v1alpha1", TraefikObjects.Service, "traefikservices"),
        new("traefik.containo.us", "v1alpha1", Route, "ingressroutes"),
        new("traefik.containo.us", "v1alpha1", TraefikObjects.Service, "traefikservices"),
    ];

    private readonly ClusterCache _cache;
    private readonly ObjectCache _definitions;
    private readonly TraefikMeters _meters;
    private readonly ILogger<TraefikDataPlane> _logger;
    private readonly ConcurrentDictionary<string, IRouteMeter> _meterOfService = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, IReadOnlyList<TraefikRoute>> _routesOf = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<ObjectKey, WeightedTurns<TraefikTarget>> _services = new();
    private readonly Dictionary<ResourceKind, ObjectCache> _followed = [];
    private readonly Lock _lock = new();
    private volatile TraefikRoute[] _table = [];

    /// <param name="metrics">Takes its series.</param>
    public TraefikDataPlane(ClusterCache cache, MetricRegistry metrics, ILogger<TraefikDataPlane> logger)
    {
        (_cache, _logger, _meters) = (cache, logger, new TraefikMeters(metrics));
        _definitions = cache.For(Kinds.CustomResourceDefinition);
        _definitions.Changed += (key, _, definition) => FollowDefinition(key, definition);
        foreach (var definition in _definitions.All)
        {
            FollowDefinition(ObjectKey.Of(definition), definition);
        }
    }

    public string Name => "traefik";

    public Task Synced => WhenSyncedAsync();

    public RouteMatch? Match(RoutedRequest request)
    {
        foreach (var route in _table)
        {
            // A route that leads nowhere does not exist for Traefik.
            if (route.Rule.Holds(request) && Choose(route.Services) is { } match)
            {
                return match;
            }
        }

        return null;
    }

    public bool KnowsHost(string host)
    {
        var lower = host.ToLowerInvariant();
        return Array.Exists(_table, r => r.Rule.Hosts.Contains(lower));
    }

    private async Task WhenSyncedAsync()
    {
        await _definitions.Synced;
        Task[] synced;
        lock (_lock)
        {
            synced = [.. _followed.Values.Select(c => c.Synced)];
        }

        await Task.WhenAll(synced);
    }

    private RouteMatch? Choose(WeightedTurns<TraefikTarget> turns)
    {
        for (var hop = 0; hop < MaxHops; hop++)
        {
            var target = turns.Next();
            if (target.Backend is not null || !_services.TryGetValue(target.Next, out var next))
            {
                return target.Backend;
            }

            turns = next;
        }

        return null;
    }

    // Only installed kinds can be watched, and a definition may come later.
    private void FollowDefinition(ObjectKey key, JsonObject? definition)
    {
        if (definition is null || Array.Find(KnownKinds, k => $"{k.Plural}.{k.Group}" == key.Name) is not { } kind)
        {
            return;
        }

        lock (_lock)
        {
            if (_followed.ContainsKey(kind))
            {
                return;
            }

            var objects = _cache.For(kind);
            _followed.Add(kind, objects);
            objects.Changed += (changed, _, _) => Reload(kind, changed);
            foreach (var existing in objects.All)
            {
                Reload(kind, ObjectKey.Of(existing));
            }
        }
    }

    // Only the changed object is read again: the others keep their place in their turns.
    private void Reload(ResourceKind kind, ObjectKey key)
    {
        List<string> warnings = [];
        lock (_lock)
        {
            if (kind.Kind == Route)
            {
                ReloadRoutes(kind, key, warnings);
            }
            else
            {
                ReloadService(key, warnings);
            }
        }

        foreach (var warning in warnings)
        {
            _logger.NotServedAsWritten(kind.Kind, key, warning);
        }
    }

    private void ReloadRoutes(ResourceKind kind, ObjectKey key, List<string> warnings)
    {
        var name = $"{key} {kind.Group}";
        if (_followed[kind].Find(key) is { } route && TraefikObjects.IsOurs(route))
        {
            _routesOf[name] = TraefikObjects.Routes(route, MeterOf, warnings);
        }
        else
        {
            _routesOf.Remove(name);
        }

        _table = [.. _routesOf.Values.SelectMany(r => r).OrderByDescending(r => r.Priority)];
    }

    private void ReloadService(ObjectKey key, List<string> warnings)
    {
        var service = KnownKinds.Where(k => k.Kind == TraefikObjects.Service)
            .Select(k => _followed.GetValueOrDefault(k)?.Find(key))
            .OfType<JsonObject>()
            .FirstOrDefault();
        if (service is not null && TraefikObjects.Turns(service, MeterOf, warnings) is { } turns)
        {
            _services[key] = turns;
        }
        else
        {
            _services.TryRemove(key, out _);
        }
    }

    private IRouteMeter MeterOf(string service) => _meterOfService.GetOrAdd(service, _meters.For);
}
