using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Simulator.Metrics;
using CanaryFunctions.Simulator.Network;
using CanaryFunctions.Simulator.Workloads;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Simulator.Gateway.Gloo;

/// <summary>Routes by VirtualServices, the RouteTables that they delegate to and Upstreams, and exports Envoy's metric series.</summary>
public sealed class GlooDataPlane : IDataPlane
{
    private readonly ObjectCache _virtualServices;
    private readonly ObjectCache _tables;
    private readonly ObjectCache _upstreams;
    private readonly GlooMeters _meters;
    private readonly GlooTable _table;
    private readonly ConcurrentDictionary<ObjectKey, RouteMatch> _targets = new();
    private readonly ConcurrentDictionary<ObjectKey, IRouteMeter> _meterOfUpstream = new();
    private readonly ConcurrentDictionary<string, bool> _warned = new(StringComparer.Ordinal);
    private readonly ILogger<GlooDataPlane> _logger;
    private readonly Lock _lock = new();
    private volatile GlooHost[] _hosts = [];

    /// <param name="metrics">Takes its series.</param>
    public GlooDataPlane(ClusterCache cache, MetricRegistry metrics, ILogger<GlooDataPlane> logger)
    {
        _logger = logger;
        _meters = new GlooMeters(metrics);
        _virtualServices = cache.For(GlooKinds.VirtualService);
        _tables = cache.For(GlooKinds.RouteTable);
        _upstreams = cache.For(GlooKinds.Upstream);
        _table = new GlooTable(_tables.Find);
        _virtualServices.Changed += (_, _, _) => ReloadRoutes();
        _tables.Changed += (_, _, _) => ReloadRoutes();
        _upstreams.Changed += (key, _, _) => ReloadUpstream(key);

        // What the watches told before the subscription.
        ReloadRoutes();
        foreach (var upstream in _upstreams.All)
        {
            ReloadUpstream(ObjectKey.Of(upstream));
        }
    }

    public string Name => "gloo";

    public Task Synced => Task.WhenAll(_virtualServices.Synced, _tables.Synced, _upstreams.Synced);

    public RouteMatch? Match(RoutedRequest request)
    {
        // Only the most specific domain is asked: where it has no route, a wider one is no way out.
        var route = Array.Find(_hosts, h => h.Matches(request.Host))?.Routes.FirstOrDefault(r => r.Matches(request));
        return route is null ? null : TargetOf(route.Upstreams.Next());
    }

    public bool KnowsHost(string host)
    {
        var lower = host.ToLowerInvariant();
        return Array.Exists(_hosts, h => h.Domain != "*" && h.Matches(lower));
    }

    // An Upstream that is not there has no endpoints either: 503.
    private RouteMatch TargetOf(ObjectKey upstream)
        => _targets.TryGetValue(upstream, out var target) ? target : new(new(upstream, ServicePort.OfNumber(0)), MeterOf(upstream));

    private void ReloadRoutes()
    {
        lock (_lock)
        {
            List<GlooHost> hosts = [];
            foreach (var virtualService in _virtualServices.All)
            {
                List<string> warnings = [];
                hosts.AddRange(_table.HostsOf(virtualService, warnings));
                Warn(virtualService, warnings);
            }

            _hosts = [.. hosts.OrderByDescending(h => h.Specificity)];
        }
    }

    private void ReloadUpstream(ObjectKey key)
    {
        lock (_lock)
        {
            if (_upstreams.Find(key) is not { } upstream)
            {
                _targets.TryRemove(key, out _);
                return;
            }

            var kube = upstream.At("spec", "kube");
            var service = new ObjectKey(kube.Text("serviceNamespace") ?? key.Namespace, kube.Text("serviceName") ?? "");
            _targets[key] = new(new(service, ServicePort.OfNumber(kube.Integer("servicePort") ?? 0)), MeterOf(key));
        }
    }

    // Routes are read again at every change of any of them, and what was said once need not be said again.
    private void Warn(JsonObject virtualService, List<string> warnings)
    {
        var key = ObjectKey.Of(virtualService);
        foreach (var warning in warnings.Where(w => _warned.TryAdd($"{key} {w}", true)))
        {
            _logger.NotServedAsWritten(GlooKinds.VirtualService.Kind, key, warning);
        }
    }

    private IRouteMeter MeterOf(ObjectKey upstream) => _meterOfUpstream.GetOrAdd(upstream, k => _meters.For($"{k.Name}_{k.Namespace}"));
}
