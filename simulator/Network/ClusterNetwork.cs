using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Simulator.Network.Mesh;
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

    public ClusterNetwork(ClusterCache cache, PodDirectory pods, ServiceMeshes meshes)
    {
        (Pods, Meshes) = (pods, meshes);
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

    public ServiceMeshes Meshes { get; }

    /// <summary>Completes when the first lists are in.</summary>
    public Task Synced => Task.WhenAll(_services.Synced, _endpoints.Synced, Meshes.Synced);

    /// <summary>
    /// Looks up <c>svc</c>, <c>svc.ns</c>, <c>svc.ns.svc</c>, <c>svc.ns.svc.cluster.local</c>, a cluster IP or a pod's IP.
    /// </summary>
    /// <param name="defaultNamespace">Where a name without namespace is looked for.</param>
    /// <param name="request">Lets the mesh of the called namespace choose the backend; null for what no mesh can read, which goes where it is sent.</param>
    public Resolution Resolve(string host, int port, string defaultNamespace, RoutedRequest? request = null)
    {
        host = host.TrimEnd('.').ToLowerInvariant();
        if (IPAddress.TryParse(host, out _))
        {
            return _clusterIps.TryGetValue(host, out var owner) ? Resolve(owner, port, request)
                : Pods.Find(host, port) is { } pod ? new(ResolutionFailure.None, pod, Ip: host)
                : new(Pods.Knows(host) ? ResolutionFailure.Refused : ResolutionFailure.UnknownHost);
        }

        return ServiceName.Parse(host, defaultNamespace) is { } key ? Resolve(key, port, request) : new(ResolutionFailure.UnknownHost);
    }

    /// <summary>Looks up a Service that is known by namespace and name.</summary>
    public Resolution Resolve(ObjectKey service, ServicePort port)
        => _routes.TryGetValue(service, out var route) ? route.Pick(port, Pods) : new(ResolutionFailure.UnknownHost);

    private Resolution Resolve(ObjectKey service, int port, RoutedRequest? request)
        => request is null || Meshes.Route(service, port, request) is not { } route ? Resolve(service, ServicePort.OfNumber(port))
            : route.Backend is { } backend ? Resolve(backend.Service, backend.Port)
            : new(route.Failure, Service: service);

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
