using System.Text.Json.Nodes;
using CanaryFunctions.Core;
using CanaryFunctions.Simulator.Workloads;

namespace CanaryFunctions.Simulator.Network.Mesh;

/// <summary>
/// What one kind of service mesh does between pods: it splits calls to a Service by its own objects, and its sidecars keep series of what reaches their pods.
/// A mesh follows its objects by itself; it is asked for each call, from several threads, and must not wait.
/// </summary>
public interface IServiceMesh : INamed
{
    /// <summary>Completes when the first lists of its objects are in.</summary>
    Task Synced { get; }

    /// <summary>Whether it gives a sidecar to this pod of the namespace; without a pod: to one that says nothing itself.</summary>
    bool Injects(JsonObject ns, JsonObject? pod);

    /// <summary>Where a call to a Service goes instead; null where it goes where it is sent.</summary>
    MeshRoute? Route(ObjectKey service, int port, RoutedRequest request);

    /// <summary>The series of a pod's sidecar.</summary>
    IPodMeter MeterOf(MeshedPod pod);
}

/// <summary>Keeps a mesh's series of one pod. Thread-safe and cheap: it is called once a request.</summary>
public interface IPodMeter
{
    /// <param name="service">The Service by whose name the pod was called; default for its own address.</param>
    void Record(ObjectKey service, in Served served);

    /// <summary>The pod has gone, and its series with it.</summary>
    void Forget();
}
