using System.Collections.Frozen;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Simulator.Network;
using CanaryFunctions.Simulator.Network.Mesh;
using CanaryFunctions.Simulator.Workloads;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Simulator.Gateway.Linkerd;

/// <summary>The HTTPRoutes that are attached to Services, of Linkerd's own group and of the Gateway API. Each is watched in one version: all have the same fields.</summary>
internal sealed class ServiceRoutes
{
    private const string Kind = "HTTPRoute";

    private static readonly ResourceKind[] Kinds =
    [
        new("policy.linkerd.io", "v1beta3", Kind, "httproutes"),
        new("gateway.networking.k8s.io", "v1", Kind, "httproutes"),
    ];

    private readonly List<ObjectCache> _caches = [];
    private readonly Dictionary<string, (JsonObject Route, IReadOnlyList<HttpRouteRule> Rules)> _rulesOf = new(StringComparer.Ordinal);
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private volatile FrozenDictionary<ObjectKey, HttpRouteRule[]> _table = FrozenDictionary<ObjectKey, HttpRouteRule[]>.Empty;

    public ServiceRoutes(ClusterCache cache, ILogger logger)
    {
        _logger = logger;
        foreach (var objects in Kinds.Select(cache.For))
        {
            _caches.Add(objects);
            objects.Changed += (key, _, _) => Reload(objects, key);
            foreach (var route in objects.All)
            {
                Reload(objects, ObjectKey.Of(route));
            }
        }
    }

    public Task Synced => Task.WhenAll(_caches.Select(c => c.Synced));

    /// <summary>Where a call goes; null where nothing is attached to the Service, or what takes the call leads to the Service itself.</summary>
    public MeshRoute? Route(ObjectKey service, int port, RoutedRequest request)
    {
        var isRouted = false;
        foreach (var rule in _table.GetValueOrDefault(service, []))
        {
            if (rule.IsOf(port))
            {
                isRouted = true;
                if (rule.Takes(request))
                {
                    return rule.Target?.Invoke();
                }
            }
        }

        return isRouted ? MeshRoute.NoRoute : null;
    }

    // Only the changed route is read again: the others keep their place in their turns.
    private void Reload(ObjectCache objects, ObjectKey key)
    {
        List<string> warnings = [];
        lock (_lock)
        {
            var name = $"{objects.Kind.Group} {key}";
            if (objects.Find(key) is { } route)
            {
                _rulesOf[name] = (route, HttpRouteRule.Of(route, warnings));
            }
            else
            {
                _rulesOf.Remove(name);
            }

            // Of equally specific rules those of the older route go first.
            _table = _rulesOf.OrderBy(r => r.Value.Route.Time("metadata", "creationTimestamp")).ThenBy(r => r.Key, StringComparer.Ordinal)
                .SelectMany(r => r.Value.Rules)
                .OrderByDescending(r => r.Match.Specificity)
                .GroupBy(r => r.Service)
                .ToFrozenDictionary(g => g.Key, g => g.ToArray());
        }

        foreach (var warning in warnings)
        {
            _logger.NotServedAsWritten(Kind, key, warning);
        }
    }
}
