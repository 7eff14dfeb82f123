using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Simulator.Gateway.Gloo;

/// <summary>Gloo Edge's kinds as <c>GlooCrds.yaml</c> defines them.</summary>
internal static class GlooKinds
{
    public static readonly ResourceKind RouteTable = new("gateway.solo.io", "v1", "RouteTable", "routetables");
    public static readonly ResourceKind Upstream = new("gloo.solo.io", "v1", "Upstream", "upstreams");
    public static readonly ResourceKind VirtualService = new("gateway.solo.io", "v1", "VirtualService", "virtualservices");
}
