using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Simulator.Workloads;

namespace CanaryFunctions.Simulator.Network;

/// <summary>
/// The cluster's DNS and Services: from a name and a port to a ready pod, in turns. Follows Services and Endpoints; lookups take no lock.
/// </summary>
public sealed class ClusterNetwork
{
    private readonly ObjectCache _services;
    private readonly ObjectCache _endpoints;
    private readonly ConcurrentDictionary<ObjectKey, ServiceRoute> _routes = new();
    private readonly ConcurrentDictionary<string, ObjectKey> _clusterIps = new(StringComparer.Ordinal);
    private readonly Lock _rebuilding = new();

    public ClusterNetwork(ClusterCache cache, PodDirectory pods)
    {
        Pods = pods;
        _services = cache.For(Kinds.Service);
        _endpoints = cache.For(WorkloadKinds.Endpoints);
        _services.Changed += (key, before, _) => Rebuild(key, before);
        _endpoints.Changed += (key, _, _) => Rebuild(key, null);

        // What the watches told before the subscription.
        foreach (var service in _services.All)
        {
            Rebuild(ObjectKey.Of(service), null);
        }
    }

    public PodDirectory Pods { get; }

    /// <summary>Completes when the first lists are in.</summary>
    public Task Synced => Task.WhenAll(_services.Synced, _endpoints.Synced);

    /// <summary>
    /// Looks up <c>svc</c>, <c>svc.ns</c>, <c>svc.ns.svc</c>, <c>svc.ns.svc.cluster.local</c>, a cluster IP or a pod's IP.
    /// </summary>
    /// <param name="defaultNamespace">Where a name without namespace is looked for.</param>
    public Resolution Resolve(string host, int port, string defaultNamespace)
    {
        host = host.TrimEnd('.').ToLowerInvariant();
        if (IPAddress.TryParse(host, out _))
        {
            return _clusterIps.TryGetValue(host, out var owner) ? Resolve(owner, ServicePort.OfNumber(port))
                : Pods.Find(host, port) is { } pod ? new(ResolutionFailure.None, pod)
                : new(Pods.Knows(host) ? ResolutionFailure.Refused : ResolutionFailure.UnknownHost);
        }

        return ServiceOf(host, defaultNamespace) is { } key ? Resolve(key, ServicePort.OfNumber(port)) : new(ResolutionFailure.UnknownHost);
    }

    /// <summary>Looks up a Service that is known by namespace and name.</summary>
    public Resolution Resolve(ObjectKey service, ServicePort port)
        => _routes.TryGetValue(service, out var route) ? route.Pick(port, Pods) : new(ResolutionFailure.UnknownHost);

    private static ObjectKey? ServiceOf(string host, string defaultNamespace) => host.Split('.') switch
    {
        [var name] => new(defaultNamespace, name),
        [var name, var ns] => new(ns, name),
        [var name, var ns, "svc", .. var domain] when domain is [] or ["cluster", "local"] => new(ns, name),
        _ => null,
    };

    // Both watches call this, and the later state must win.
    private void Rebuild(ObjectKey key, JsonObject? before)
    {
        lock (_rebuilding)
        {
            if (before.Text("spec", "clusterIP") is { } old && _clusterIps.TryGetValue(old, out var owner) && owner == key)
            {
                _clusterIps.TryRemove(old, out _);
            }

            if (_services.Find(key) is not { } service)
            {
                _routes.TryRemove(key, out _);
                return;
            }

            _routes[key] = ServiceRoute.Of(service, _endpoints.Find(key));
            if (service.Text("spec", "clusterIP") is { Length: > 0 } ip && ip != "None")
            {
                _clusterIps[ip] = key;
            }
        }
    }
}
