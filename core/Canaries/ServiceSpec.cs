using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Canaries;

/// <summary><c>spec.service</c> (contracts/core.md 1.3): the three Services and what the routers take from it.</summary>
public sealed record ServiceSpec
{
    /// <summary>Apex name; null when it is the target's.</summary>
    public string? Name { get; private init; }

    public int Port { get; private init; }

    public string PortName { get; private init; } = "http";

    /// <summary>Number or name of the container port; null when it is <see cref="Port"/>.</summary>
    public JsonNode? TargetPort { get; private init; }

    public string? AppProtocol { get; private init; }

    public string? TrafficDistribution { get; private init; }

    public bool PortDiscovery { get; private init; }

    public bool Headless { get; private init; }

    public IReadOnlyList<string> Gateways { get; private init; } = [];

    public IReadOnlyList<string> Hosts { get; private init; } = [];

    public ServiceMetadata Apex { get; private init; } = ServiceMetadata.None;

    public ServiceMetadata Primary { get; private init; } = ServiceMetadata.None;

    public ServiceMetadata Canary { get; private init; } = ServiceMetadata.None;

    /// <summary>Keys that are left alone on generated Services.</summary>
    public IReadOnlyList<string> UnmanagedLabels { get; private init; } = [];

    public IReadOnlyList<string> UnmanagedAnnotations { get; private init; } = [];

    internal static ServiceSpec Read(JsonNode? node) => new()
    {
        Name = string.IsNullOrEmpty(node.Text("name")) ? null : node.Text("name"),
        Port = node.Integer("port") ?? 0,
        PortName = string.IsNullOrEmpty(node.Text("portName")) ? "http" : node.Text("portName")!,
        TargetPort = node.Integer("targetPort") == 0 || node.Text("targetPort") == "" ? null : node.At("targetPort"),
        AppProtocol = node.Text("appProtocol"),
        TrafficDistribution = node.Text("trafficDistribution"),
        PortDiscovery = node.Flag("portDiscovery") ?? false,
        Headless = node.Flag("headless") ?? false,
        Gateways = Texts(node, "gateways"),
        Hosts = Texts(node, "hosts"),
        Apex = ServiceMetadata.Read(node.At("apex")),
        Primary = ServiceMetadata.Read(node.At("primary")),
        Canary = ServiceMetadata.Read(node.At("canary")),
        UnmanagedLabels = Texts(node.At("unmanagedMetadata"), "labels"),
        UnmanagedAnnotations = Texts(node.At("unmanagedMetadata"), "annotations"),
    };

    private static List<string> Texts(JsonNode? node, string key) => [.. node.ListAt(key).Select(n => n.Text()).OfType<string>()];
}

/// <summary>Extra labels and annotations for one generated Service.</summary>
public sealed record ServiceMetadata(IReadOnlyDictionary<string, string> Labels, IReadOnlyDictionary<string, string> Annotations)
{
    public static readonly ServiceMetadata None = new(new Dictionary<string, string>(), new Dictionary<string, string>());

    internal static ServiceMetadata Read(JsonNode? node) => node is null ? None : new(node.Map("labels"), node.Map("annotations"));
}
