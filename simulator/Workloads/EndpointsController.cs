using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Simulator.Workloads;

/// <summary>Keeps Endpoints and EndpointSlices of Services with a selector. Those of Services without one belong to whoever made them.</summary>
internal sealed class EndpointsController
{
    private const string ManagedBy = "endpointslice.kubernetes.io/managed-by";
    private const string ManagerName = "endpointslice-controller.k8s.io";
    private const string ServiceNameLabel = "kubernetes.io/service-name";

    private readonly IClusterClient _client;
    private readonly ObjectCache _services;
    private readonly ObjectCache _pods;
    private readonly ObjectCache _endpoints;
    private readonly ObjectCache _slices;
    private readonly ReconcileLoop _loop;

    public EndpointsController(IClusterClient client, ClusterCache cache, WorkloadOptions options, ILogger logger)
    {
        _client = client;
        _services = cache.For(Kinds.Service);
        _pods = cache.For(WorkloadKinds.Pod);
        _endpoints = cache.For(WorkloadKinds.Endpoints);
        _slices = cache.For(WorkloadKinds.EndpointSlice);
        _loop = new ReconcileLoop("endpoints-controller", options.TimeProvider, logger, ReconcileAsync);
        _services.Changed += (key, _, _) => _loop.Add(key);
        _endpoints.Changed += (key, _, _) => _loop.Add(key);
        _slices.Changed += (_, before, after) => AddServiceOf((after ?? before)!);
        _pods.Changed += (key, before, after) => AddServicesOf(key.Namespace, before, after);
    }

    public async Task RunAsync(CancellationToken ct)
    {
        await Task.WhenAll(_services.Synced, _pods.Synced, _endpoints.Synced, _slices.Synced).WaitAsync(ct);
        foreach (var service in _services.All)
        {
            _loop.Add(ObjectKey.Of(service));
        }

        await _loop.RunAsync(ct);
    }

    private async Task<TimeSpan?> ReconcileAsync(ObjectKey key, CancellationToken ct)
    {
        var slices = _slices.In(key.Namespace).Where(s => s.Label(ManagedBy) == ManagerName && s.Label(ServiceNameLabel) == key.Name).ToList();
        if (_services.Find(key) is not { } service)
        {
            await RemoveAsync(slices, ct);
            await RemoveEndpointsAsync(key, ct);
            return null;
        }

        if (service.Map("spec", "selector").Count == 0)
        {
            return null;
        }

        var subsets = EndpointSubsets.Of(service, _pods.In(key.Namespace));
        await WriteAsync(WorkloadKinds.Endpoints, _endpoints.Find(key), EndpointDocuments.Endpoints(service, subsets), "subsets", ct);
        var wanted = EndpointDocuments.Slices(service, subsets, ServiceNameLabel, ManagedBy, ManagerName);
        foreach (var slice in wanted)
        {
            await WriteAsync(WorkloadKinds.EndpointSlice, slices.Find(s => s.Name() == slice.Name()), slice, "endpoints", ct);
        }

        await RemoveAsync(slices.Where(s => !wanted.Any(w => w.Name() == s.Name())), ct);
        return null;
    }

    // Only the list of addresses is compared: labels and annotations that others add stay theirs.
    private async Task WriteAsync(ResourceKind kind, JsonObject? stored, JsonObject desired, string field, CancellationToken ct)
    {
        if (stored is null)
        {
            await _client.CreateAsync(kind, desired, ct);
        }
        else if (!JsonNode.DeepEquals(stored[field] ?? new JsonArray(), desired[field]))
        {
            var changed = stored.Copy();
            changed[field] = desired[field]?.DeepClone();
            await _client.ReplaceAsync(kind, changed, ct);
        }
    }

    private async Task RemoveEndpointsAsync(ObjectKey key, CancellationToken ct)
    {
        if (_endpoints.Find(key) is { } endpoints && endpoints.Label(ManagedBy) == ManagerName)
        {
            await _client.DeleteAsync(endpoints.RefOf(WorkloadKinds.Endpoints), new DeleteOptions(Uid: endpoints.Uid()), ct);
        }
    }

    private async Task RemoveAsync(IEnumerable<JsonObject> slices, CancellationToken ct)
    {
        foreach (var slice in slices)
        {
            await _client.DeleteAsync(slice.RefOf(WorkloadKinds.EndpointSlice), new DeleteOptions(Uid: slice.Uid()), ct);
        }
    }

    private void AddServiceOf(JsonObject slice)
    {
        if (slice.Label(ServiceNameLabel) is { } service)
        {
            _loop.Add(new(slice.Namespace(), service));
        }
    }

    private void AddServicesOf(string ns, params ReadOnlySpan<JsonObject?> pods)
    {
        foreach (var service in _services.In(ns))
        {
            var selector = service.Map("spec", "selector");
            foreach (var pod in pods)
            {
                if (pod is not null && selector.Count > 0 && selector.All(s => pod.Label(s.Key) == s.Value))
                {
                    _loop.Add(ObjectKey.Of(service));
                    break;
                }
            }
        }
    }
}
