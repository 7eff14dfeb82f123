using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Platform.Kubernetes;
using CanaryFunctions.Simulator.Api;

namespace CanaryFunctions.Scenario.Tests.Staging;

/// <summary>How a scenario's cluster runs.</summary>
internal sealed record StageOptions
{
    /// <summary>Nominal time per real time.</summary>
    public double Speed { get; init; } = 60;

    /// <summary>The install's provider for Canaries that name none; empty for none.</summary>
    public string Provider { get; init; } = "skipper";

    /// <summary>The provider whose guide is played.</summary>
    public string Guide { get; init; } = "skipper";

    /// <summary>Further kinds that the feed follows.</summary>
    public IReadOnlyList<ResourceKind> Kinds { get; init; } = [];

    /// <summary>The product's client.</summary>
    public KubernetesClientOptions Client { get; init; } = new();

    /// <summary>What the product sends its messages through.</summary>
    public Func<IStepQueue, IStepQueue> Queue { get; init; } = queue => queue;

    /// <summary>The API server's faults.</summary>
    public Func<ApiRequest, Fault?>? Faults { get; init; }
}
