using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Trees;

namespace CanaryFunctions.Simulator.Api.Printing;

/// <summary>What kubectl users expect to see of built-in kinds, between NAME and AGE, and after AGE with `-o wide`.</summary>
internal static class BuiltInColumns
{
    private static readonly Dictionary<string, TableColumn[]> Narrow = new(StringComparer.Ordinal)
    {
        ["apps/deployments"] =
        [
            new("Ready", (o, _) => $"{Count(o, "readyReplicas")}/{o.Int("spec", "replicas") ?? 0}"),
            new("Up-to-date", (o, _) => Count(o, "updatedReplicas")),
            new("Available", (o, _) => Count(o, "availableReplicas")),
        ],
        ["apps/replicasets"] =
        [
            new("Desired", (o, _) => o.Int("spec", "replicas") ?? 0, "integer"),
            new("Current", (o, _) => Count(o, "replicas"), "integer"),
            new("Ready", (o, _) => Count(o, "readyReplicas"), "integer"),
        ],
        ["apps/daemonsets"] =
        [
            new("Desired", (o, _) => Count(o, "desiredNumberScheduled"), "integer"),
            new("Current", (o, _) => Count(o, "currentNumberScheduled"), "integer"),
            new("Ready", (o, _) => Count(o, "numberReady"), "integer"),
            new("Up-to-date", (o, _) => Count(o, "updatedNumberScheduled"), "integer"),
            new("Available", (o, _) => Count(o, "numberAvailable"), "integer"),
            new("Node Selector", (o, _) => Pairs(o.Obj("spec", "template", "spec", "nodeSelector"))),
        ],
        ["/pods"] =
        [
            new("Ready", (o, _) => PodCells.Ready(o)),
            new("Status", (o, _) => PodCells.Status(o)),
            new("Restarts", (o, _) => PodCells.Restarts(o)),
        ],
        ["/services"] =
        [
            new("Type", (o, _) => o.Str("spec", "type")),
            new("Cluster-IP", (o, _) => o.Str("spec", "clusterIP") ?? "<none>"),
            new("External-IP", (o, _) => ExternalAddress(o)),
            new("Port(s)", (o, _) => ServicePorts(o)),
        ],
        ["/endpoints"] = [new("Endpoints", (o, _) => Endpoints(o))],
        ["/configmaps"] = [new("Data", (o, _) => (o.Obj("data")?.Count ?? 0) + (o.Obj("binaryData")?.Count ?? 0))],
        ["/secrets"] = [new("Type", (o, _) => o.Str("type")), new("Data", (o, _) => o.Obj("data")?.Count ?? 0)],
        ["/serviceaccounts"] = [new("Secrets", (o, _) => o.Arr("secrets")?.Count ?? 0, "integer")],
        ["/namespaces"] = [new("Status", (o, _) => o.Str("status", "phase"))],
        ["/nodes"] = [new("Status", (o, _) => NodeStatus(o)), new("Roles", (o, _) => Roles(o))],
        ["autoscaling/horizontalpodautoscalers"] =
        [
            new("Reference", (o, _) => $"{o.Str("spec", "scaleTargetRef", "kind")}/{o.Str("spec", "scaleTargetRef", "name")}"),
            new("Targets", (o, _) => AutoscalerCells.Targets(o)),
            new("MinPods", (o, _) => $"{o.Int("spec", "minReplicas") ?? 1}"),
            new("MaxPods", (o, _) => o.Int("spec", "maxReplicas") ?? 0, "integer"),
            new("Replicas", (o, _) => Count(o, "currentReplicas"), "integer"),
        ],
        ["networking.k8s.io/ingresses"] =
        [
            new("Class", (o, _) => o.Str("spec", "ingressClassName") ?? o.Str("metadata", "annotations", "kubernetes.io/ingress.class") ?? "<none>"),
            new("Hosts", (o, _) => Hosts(o)),
            new("Address", (o, _) => Join(o.Arr("status", "loadBalancer", "ingress").Objects().Select(i => i.Str("ip") ?? i.Str("hostname")), "")),
            new("Ports", (o, _) => o.Arr("spec", "tls") is { Count: > 0 } ? "80, 443" : "80"),
        ],
        ["networking.k8s.io/ingressclasses"] = [new("Controller", (o, _) => o.Str("spec", "controller")), new("Parameters", (_, _) => "<none>")],
        ["coordination.k8s.io/leases"] = [new("Holder", (o, _) => o.Str("spec", "holderIdentity"))],
        ["policy/poddisruptionbudgets"] =
        [
            new("Min Available", (o, _) => o.At("spec", "minAvailable") is { } min ? JsonTree.Scalar(min) : "N/A"),
            new("Max Unavailable", (o, _) => o.At("spec", "maxUnavailable") is { } max ? JsonTree.Scalar(max) : "N/A"),
            new("Allowed Disruptions", (o, _) => Count(o, "disruptionsAllowed"), "integer"),
        ],
        ["discovery.k8s.io/endpointslices"] =
        [
            new("AddressType", (o, _) => o.Str("addressType")),
            new("Ports", (o, _) => Join(o.Arr("ports").Objects().Select(p => $"{p.Int("port")}"), "<unset>")),
            new("Endpoints", (o, _) => Join(o.Arr("endpoints").Objects().SelectMany(e => e.Arr("addresses").Strings()), "<unset>")),
        ],
        ["apiextensions.k8s.io/customresourcedefinitions"] = [new("Created At", (o, _) => o.Str("metadata", "creationTimestamp"))],
        ["admissionregistration.k8s.io/mutatingwebhookconfigurations"] = [new("Webhooks", (o, _) => o.Arr("webhooks")?.Count ?? 0, "integer")],
        ["admissionregistration.k8s.io/validatingwebhookconfigurations"] = [new("Webhooks", (o, _) => o.Arr("webhooks")?.Count ?? 0, "integer")],
        ["rbac.authorization.k8s.io/rolebindings"] = [new("Role", (o, _) => $"{o.Str("roleRef", "kind")}/{o.Str("roleRef", "name")}")],
        ["rbac.authorization.k8s.io/clusterrolebindings"] = [new("Role", (o, _) => $"{o.Str("roleRef", "kind")}/{o.Str("roleRef", "name")}")],
    };

    private static readonly Dictionary<string, TableColumn[]> Widest = new(StringComparer.Ordinal)
    {
        ["apps/deployments"] = Containers("spec", "template", "spec"),
        ["apps/replicasets"] = Containers("spec", "template", "spec"),
        ["apps/daemonsets"] = Containers("spec", "template", "spec"),
        ["/pods"] =
        [
            new("IP", (o, _) => o.Str("status", "podIP") ?? "<none>", Priority: 1),
            new("Node", (o, _) => o.Str("spec", "nodeName") ?? "<none>", Priority: 1),
            new("Nominated Node", (_, _) => "<none>", Priority: 1),
            new("Readiness Gates", (_, _) => "<none>", Priority: 1),
        ],
        ["/services"] = [new("Selector", (o, _) => Pairs(o.Obj("spec", "selector")), Priority: 1)],
        ["/nodes"] = [new("Version", (o, _) => o.Str("status", "nodeInfo", "kubeletVersion"))],
    };

    public static IEnumerable<TableColumn> For(string kind) => kind == "/events" ? EventCells.Columns : Narrow.GetValueOrDefault(kind, []);

    public static IEnumerable<TableColumn> Wide(string kind) => Widest.GetValueOrDefault(kind, []);

    /// <summary>Kinds whose table has no AGE column.</summary>
    public static bool HasOwnAge(string kind) => kind is "/events" or "apiextensions.k8s.io/customresourcedefinitions";

    /// <summary>Kinds whose table does not start with the name.</summary>
    public static bool HasOwnName(string kind) => kind == "/events";

    public static string Pairs(JsonObject? map) => Join((map ?? []).Select(p => $"{p.Key}={p.Value.Str()}"), "<none>");

    public static string Join(IEnumerable<string?> parts, string empty) => string.Join(",", parts) is { Length: > 0 } text ? text : empty;

    private static JsonNode Count(JsonObject item, string field) => item.Int("status", field) ?? 0;

    private static TableColumn[] Containers(params string[] path) =>
    [
        new("Containers", (o, _) => Join(o.Obj(path).Arr("containers").Objects().Select(c => c.Str("name")), "<none>"), Priority: 1),
        new("Images", (o, _) => Join(o.Obj(path).Arr("containers").Objects().Select(c => c.Str("image")), "<none>"), Priority: 1),
        new("Selector", (o, _) => Pairs(o.Obj("spec", "selector", "matchLabels")), Priority: 1),
    ];

    private static string ExternalAddress(JsonObject service) => service.Str("spec", "type") switch
    {
        "ExternalName" => service.Str("spec", "externalName") ?? "<none>",
        "LoadBalancer" => Join(service.Arr("status", "loadBalancer", "ingress").Objects().Select(i => i.Str("ip") ?? i.Str("hostname")), "<pending>"),
        _ => "<none>",
    };

    private static string ServicePorts(JsonObject service) => Join(service.Arr("spec", "ports").Objects().Select(p =>
        p.Int("nodePort") is { } node and > 0 ? $"{p.Int("port")}:{node}/{p.Str("protocol")}" : $"{p.Int("port")}/{p.Str("protocol")}"), "<none>");

    private static string Endpoints(JsonObject endpoints) => Join(endpoints.Arr("subsets").Objects()
        .SelectMany(s => s.Arr("addresses").Objects().SelectMany(a => s.Arr("ports").Objects().Select(p => $"{a.Str("ip")}:{p.Int("port")}"))), "<none>");

    private static string Hosts(JsonObject ingress) => Join(ingress.Arr("spec", "rules").Objects().Select(r => r.Str("host") ?? "*").Distinct(), "*");

    private static string NodeStatus(JsonObject node) => (node.Arr("status", "conditions").Objects().FirstOrDefault(c => c.Str("type") == "Ready").Str("status") == "True" ? "Ready" : "NotReady")
        + (node.Flag("spec", "unschedulable") == true ? ",SchedulingDisabled" : "");

    private static string Roles(JsonObject node)
    {
        const string Prefix = "node-role.kubernetes.io/";
        return Join((node.Obj("metadata", "labels") ?? []).Where(l => l.Key.StartsWith(Prefix, StringComparison.Ordinal)).Select(l => l.Key[Prefix.Length..]), "<none>");
    }
}
