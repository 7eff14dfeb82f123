namespace CanaryFunctions.Simulator.Network;

/// <summary>One listener of the cluster's proxy.</summary>
public sealed class ClusterProxyOptions
{
    /// <summary>0 for a free port, the default.</summary>
    public int Port { get; init; }

    /// <summary>Where a name without namespace is looked for, as in a pod of that namespace. Default <c>default</c>.</summary>
    public string DefaultNamespace { get; init; } = "default";

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>
    /// Serves a host name from outside of the cluster, which DNS would lead to a gateway; null as the answer refuses it. Default: refuses all.
    /// </summary>
    public Func<string, LoopbackTarget?> Outside { get; init; } = _ => null;
}
