using CanaryFunctions.Simulator.Workloads;

namespace CanaryFunctions.Simulator.Network;

/// <summary>What came of looking up a name and port in the cluster.</summary>
/// <param name="Target">Where to connect to; null where the lookup failed.</param>
/// <param name="Service">The Service that was found; default for a pod's own address.</param>
/// <param name="Ports">The ports that the Service does have, for the message about one that it has not.</param>
/// <param name="Ip">Address of the endpoint that was chosen; empty where there is none.</param>
public readonly record struct Resolution(ResolutionFailure Failure, LoopbackTarget? Target = null, ObjectKey Service = default, string Ports = "", string Ip = "")
{
    /// <summary>In plain words why <paramref name="host"/> cannot be reached, and what can be done.</summary>
    public string Explain(string host, int port) => Failure switch
    {
        ResolutionFailure.None => "",
        ResolutionFailure.UnknownHost => $"host '{host}' is no Service of the embedded cluster; names from outside of it are not reachable here.",
        ResolutionFailure.UnknownPort => $"Service {Service} has no port {port}; it has: {Ports}.",
        ResolutionFailure.NoEndpoints => $"Service {Service} has no ready endpoint for port {port}.",
        ResolutionFailure.NoRoute => $"Service {Service} has routes in its mesh, and none of them takes this request.",
        ResolutionFailure.NoShare => $"Service {Service} has a route in its mesh that gives to nobody: all its weights are 0.",
        _ => $"nothing listens on {host}:{port}.",
    };

    /// <summary>The HTTP status that says so: 503 where waiting can help, 404 where a mesh has no route, else 502.</summary>
    public int StatusCode => Failure switch
    {
        ResolutionFailure.NoEndpoints or ResolutionFailure.NoShare => 503,
        ResolutionFailure.NoRoute => 404,
        _ => 502,
    };
}

public enum ResolutionFailure
{
    None,
    UnknownHost,
    UnknownPort,
    NoEndpoints,

    /// <summary>See <see cref="Mesh.MeshRoute.NoRoute"/>.</summary>
    NoRoute,

    /// <summary>See <see cref="Mesh.MeshRoute.NoShare"/>.</summary>
    NoShare,

    /// <summary>A pod's address without such a port.</summary>
    Refused,
}
