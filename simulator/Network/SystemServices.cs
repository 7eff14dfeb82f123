using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Simulator.Workloads;

namespace CanaryFunctions.Simulator.Network;

/// <summary>
/// What the guides take for installed: the node, the ingress class, and the Services of the ingress controller and of Prometheus. These Services have no
/// pods; their endpoints are made-up addresses that <see cref="Register"/> leads to this process.
/// </summary>
internal static class SystemServices
{
    private const string GatewayIp = "10.244.0.10";
    private const string PrometheusIp = "10.244.0.11";
    private const int GatewayPort = 9999;
    private const int PrometheusPort = 9090;
    private const int LoadBalancerPort = 80;

    /// <summary>Objects that exist from the start, in an order in which each finds what it needs.</summary>
    public static IEnumerable<JsonObject> Objects(string node)
    {
        foreach (var ns in (string[])["flagger-system", "gloo-system", "istio-system", "linkerd", "linkerd-viz", "traefik"])
        {
            yield return KubeObject.New(Kinds.Namespace, null, ns);
        }

        yield return Node(node);
        yield return IngressClass("skipper", "zalando.org/skipper");
        foreach (var (ns, name, port, ip, targetPort) in ((string, string, int, string, int)[])
            [
                ("kube-system", "skipper-ingress", 80, GatewayIp, GatewayPort),
                ("flagger-system", "flagger-prometheus", 9090, PrometheusIp, PrometheusPort),
                ("flagger-system", "prometheus", 9090, PrometheusIp, PrometheusPort),
                ("default", "prometheus", 9090, PrometheusIp, PrometheusPort),
                ("gloo-system", "gateway-proxy", 80, GatewayIp, GatewayPort),
                ("gloo-system", "flagger-prometheus", 9090, PrometheusIp, PrometheusPort),
                ("istio-system", "prometheus", 9090, PrometheusIp, PrometheusPort),
                ("linkerd-viz", "prometheus", 9090, PrometheusIp, PrometheusPort),
                ("traefik", "traefik", 80, GatewayIp, GatewayPort),
                ("traefik", "flagger-prometheus", 9090, PrometheusIp, PrometheusPort),
            ])
        {
            yield return Service(ns, name, port, targetPort);
            yield return Endpoints(ns, name, ip, targetPort);
        }

        yield return LoadBalancer("istio-system", "istio-ingressgateway");
        yield return Endpoints("istio-system", "istio-ingressgateway", GatewayIp, GatewayPort);
    }

    public static void Register(PodDirectory directory, LoopbackTarget gateway, LoopbackTarget prometheus)
    {
        directory.Register(GatewayIp, GatewayPort, gateway);
        directory.Register(GatewayIp, LoadBalancerPort, gateway);
        directory.Register(PrometheusIp, PrometheusPort, prometheus);
    }

    private static JsonObject Service(string ns, string name, int port, int targetPort)
    {
        var service = KubeObject.New(Kinds.Service, ns, name);
        service["spec"] = new JsonObject
        {
            ["type"] = "ClusterIP",
            ["ports"] = new JsonArray(new JsonObject { ["name"] = "http", ["port"] = port, ["targetPort"] = targetPort, ["protocol"] = "TCP" }),
        };
        return service;
    }

    // A guide asks for its address. It is one that the cluster's proxy knows.
    private static JsonObject LoadBalancer(string ns, string name)
    {
        var service = Service(ns, name, LoadBalancerPort, GatewayPort);
        service.Section("spec")["type"] = "LoadBalancer";
        service["status"] = new JsonObject { ["loadBalancer"] = new JsonObject { ["ingress"] = new JsonArray(new JsonObject { ["ip"] = GatewayIp }) } };
        return service;
    }

    private static JsonObject Endpoints(string ns, string name, string ip, int port)
    {
        var endpoints = KubeObject.New(WorkloadKinds.Endpoints, ns, name);
        endpoints["subsets"] = new JsonArray(new JsonObject
        {
            ["addresses"] = new JsonArray(new JsonObject { ["ip"] = ip }),
            ["ports"] = new JsonArray(new JsonObject { ["name"] = "http", ["port"] = port, ["protocol"] = "TCP" }),
        });
        return endpoints;
    }

    private static JsonObject IngressClass(string name, string controller)
    {
        var ingressClass = KubeObject.New(WorkloadKinds.IngressClass, null, name);
        ingressClass["spec"] = new JsonObject { ["controller"] = controller };
        return ingressClass;
    }

    private static JsonObject Node(string name)
    {
        var node = KubeObject.New(WorkloadKinds.Node, null, name);
        node.Metadata()["labels"] = new JsonObject { ["kubernetes.io/hostname"] = name, ["kubernetes.io/os"] = "linux" };
        node["status"] = new JsonObject
        {
            ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = "True", ["reason"] = "KubeletReady" }),
            ["addresses"] = new JsonArray(new JsonObject { ["type"] = "InternalIP", ["address"] = "10.244.0.1" }, new JsonObject { ["type"] = "Hostname", ["address"] = name }),
            ["nodeInfo"] = new JsonObject { ["kubeletVersion"] = "v1.32.0", ["operatingSystem"] = "linux", ["containerRuntimeVersion"] = "embedded://1" },
        };
        return node;
    }
}
