using CanaryFunctions.Core.Ports;
using CanaryFunctions.Platform.Kubernetes;
using CanaryFunctions.Simulator.Api;

namespace CanaryFunctions.Cli.Playground;

/// <summary>How the embedded cluster with the product in it starts.</summary>
/// <param name="Speed">How many times faster than the wall clock waits, windows and load run.</param>
/// <param name="Provider">Routing provider of Canaries that name none.</param>
/// <param name="Port">Port of the API server on 127.0.0.1, the gateway's is the next; 0 for free ones.</param>
internal sealed record PlaygroundOptions(double Speed, string Provider, int Port = 0)
{
    /// <summary>Where the product's log lines go, besides the logs of its pod; null for nowhere.</summary>
    internal TextWriter? Log { get; init; }

    /// <summary>How the product's client sends; scenarios count and break its requests here.</summary>
    internal KubernetesClientOptions Client { get; init; } = new();

    /// <summary>What the product sends its messages through; scenarios hold, double and reorder them here.</summary>
    internal Func<IStepQueue, IStepQueue> Queue { get; init; } = queue => queue;

    /// <summary>Faults of the API server, for all its clients.</summary>
    internal Func<ApiRequest, Fault?>? Faults { get; init; }

    /// <summary>Chat addresses for Canaries without alerts of their own; empty for none.</summary>
    internal string SlackUrl { get; init; } = "";

    internal string TeamsUrl { get; init; } = "";
}
