using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Simulator.Workloads;

namespace CanaryFunctions.Simulator.Network.Mesh;

/// <summary>
/// Knows which pods have a sidecar, and of which mesh. As in reality that is decided when a pod starts: a namespace that joins a mesh later changes nothing
/// for the pods that it has. Nobody's sidecar can be asked who calls, so a caller counts as one of the mesh of the namespace that it calls.
/// </summary>
public sealed class ServiceMeshes
{
    private readonly ConcurrentDictionary<string, IPodMeter?> _meters = new(StringComparer.Ordinal);
    private readonly ObjectCache _namespaces;
    private readonly ObjectCache _pods;
    private readonly IReadOnlyList<IServiceMesh> _meshes;

    public ServiceMeshes(ClusterCache cache, IReadOnlyList<IServiceMesh> meshes)
    {
        _meshes = meshes;
        _namespaces = cache.For(Kinds.Namespace);
        _pods = cache.For(WorkloadKinds.Pod);
        _pods.Changed += (_, before, after) => Follow(before, after);
        foreach (var pod in _pods.All)
        {
            Follow(null, pod);
        }
    }

    /// <summary>Completes when the first lists are in.</summary>
    public Task Synced => Task.WhenAll([_namespaces.Synced, _pods.Synced, .. _meshes.Select(m => m.Synced)]);

    /// <summary>Where a call to a Service goes instead; null where it goes where it is sent.</summary>
    public MeshRoute? Route(ObjectKey service, int port, RoutedRequest request) => MeshOf(service.Namespace, null)?.Route(service, port, request);

    /// <summary>What the sidecar of the pod with this address counts with; null where it has none.</summary>
    public IPodMeter? MeterOf(string ip) => _meters.GetValueOrDefault(ip);

    private void Follow(JsonObject? before, JsonObject? after)
    {
        var (old, now) = (before.Text("status", "podIP"), after.Text("status", "podIP"));
        if (old is { Length: > 0 } && old != now && _meters.TryRemove(old, out var gone))
        {
            gone?.Forget();
        }

        if (after is not null && now is { Length: > 0 } && now != old)
        {
            _meters[now] = MeshOf(after.Namespace(), after)?.MeterOf(MeshedPod.Of(after));
        }
    }

    private IServiceMesh? MeshOf(string ns, JsonObject? pod)
        => _namespaces.Find(new("", ns)) is { } found ? _meshes.FirstOrDefault(m => m.Injects(found, pod)) : null;
}
