using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Simulator.Network;
using CanaryFunctions.Simulator.Workloads;

namespace CanaryFunctions.Simulator.Gateway.Istio;

/// <summary>What Istio's ingress gateway is told to listen for by Gateway objects.</summary>
internal sealed class IstioGateways(ObjectCache gateways)
{
    /// <summary>Stands for calls between pods in a list of gateways.</summary>
    public const string Mesh = "mesh";

    // The embedded gateway has this one port, whatever its number outside.
    private const int Port = 80;

    public Task Synced => gateways.Synced;

    /// <summary>Whether the gateway of this name lets in requests with this host.</summary>
    /// <param name="name">As routes refer to it: <c>name</c>, <c>namespace/name</c> or <c>name.namespace.svc.cluster.local</c>.</param>
    /// <param name="ns">Of who refers to it.</param>
    public bool LetIn(string name, string ns, string host)
    {
        var key = name.Split('/') is [var space, var own] ? new ObjectKey(space, own) : ServiceName.Parse(name, ns);
        return key is { } found && gateways.Find(found) is { } gateway
            && gateway.Text("spec", "selector", "istio") == "ingressgateway"
            && gateway.ListAt("spec", "servers").Any(s => IsHttp(s) && s.ListAt("hosts").Any(h => Matches(h.Text() ?? "", host)));
    }

    /// <summary>Whether a host is meant by <c>*</c>, <c>*.example.com</c> or its own name.</summary>
    public static bool Matches(string pattern, string host)
        => pattern.StartsWith('*') ? host.EndsWith(pattern[1..], StringComparison.Ordinal) : pattern.Equals(host, StringComparison.OrdinalIgnoreCase);

    private static bool IsHttp(JsonNode server) => server.Integer("port", "number") == Port && server.Text("port", "protocol")?.ToUpperInvariant() is "HTTP" or "HTTP2";
}
