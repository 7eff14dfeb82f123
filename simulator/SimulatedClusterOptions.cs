using System.Text.Json.Nodes;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Simulator.Api;

namespace CanaryFunctions.Simulator;

/// <summary>How a <see cref="SimulatedCluster"/> starts.</summary>
public sealed class SimulatedClusterOptions : SimulatedMachinesOptions
{
    /// <summary>Makes the client that the cluster's own parts use. The cluster disposes of it.</summary>
    public required Func<ApiServer, IClusterClient> Client { get; init; }

    /// <summary>Port of the API server on 127.0.0.1; 0, the default, for a free one.</summary>
    public int ApiPort { get; init; }

    /// <summary>Further objects that exist from the start. Default: none.</summary>
    public IReadOnlyList<JsonObject> InitialObjects { get; init; } = [];

    /// <summary>As <see cref="ApiServerOptions.Faults"/>.</summary>
    public Func<ApiRequest, Fault?>? Faults { get; init; }
}
