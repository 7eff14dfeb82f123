namespace CanaryFunctions.Simulator.Network.Mesh;

/// <summary>What a mesh decides on a call: the backend that gets it, or why nobody does.</summary>
public readonly record struct MeshRoute(BackendRef? Backend, ResolutionFailure Failure)
{
    public static MeshRoute To(BackendRef backend) => new(backend, ResolutionFailure.None);

    /// <summary>The Service has routes, and none of them takes this request.</summary>
    public static MeshRoute NoRoute { get; } = new(null, ResolutionFailure.NoRoute);

    /// <summary>A route takes it, but gives to nobody: all weights are 0.</summary>
    public static MeshRoute NoShare { get; } = new(null, ResolutionFailure.NoShare);
}
