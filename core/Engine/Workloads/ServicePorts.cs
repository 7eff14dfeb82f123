using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Engine.Workloads;

/// <summary>The ports of the generated Services: the one in the spec, and with <c>portDiscovery</c> those of the target's containers (contracts/core.md 4.6).</summary>
internal static class ServicePorts
{
    private static readonly string[] Sidecars = ["istio-proxy", "envoy", "linkerd-proxy"];

    internal static JsonArray Of(Canary canary, JsonObject target)
    {
        var service = canary.Spec.Service;
        var first = Port(service.PortName, service.Port, service.TargetPort?.DeepClone() ?? JsonValue.Create(service.Port));
        if (service.AppProtocol is { Length: > 0 } protocol)
        {
            first["appProtocol"] = protocol;
        }

        var ports = new JsonArray(first);
        if (service.PortDiscovery)
        {
            foreach (var discovered in Discovered(service, target))
            {
                ports.Add((JsonNode)discovered);
            }
        }

        return ports;
    }

    /// <summary>Whether the Service has these ports, in whatever order and with whatever the server filled in.</summary>
    internal static bool Same(JsonObject service, JsonArray ports)
    {
        var live = service.ListAt("spec", "ports").OrderBy(p => p.Number("port")).ToList();
        var wanted = ports.OfType<JsonNode>().OrderBy(p => p.Number("port")).ToList();
        return live.Count == wanted.Count && live.Zip(wanted).All(pair => ((JsonObject)pair.Second).All(field => JsonNode.DeepEquals(pair.First.At(field.Key), field.Value)));
    }

    internal static JsonArray KeepNodePorts(JsonObject service, JsonArray ports)
    {
        foreach (var port in ports.OfType<JsonObject>())
        {
            if (service.ListAt("spec", "ports").FirstOrDefault(p => p.Text("name") == port.Text("name")).At("nodePort") is { } nodePort)
            {
                port["nodePort"] = nodePort.DeepClone();
            }
        }

        return ports;
    }

    private static IEnumerable<JsonObject> Discovered(ServiceSpec service, JsonObject target)
    {
        var numbers = new HashSet<int> { service.Port };
        var names = new HashSet<string> { service.PortName };
        foreach (var container in target.ListAt("spec", "template", "spec", "containers").Where(c => !Sidecars.Contains(c.Text("name"))))
        {
            foreach (var (index, port) in container.ListAt("ports").Index())
            {
                var number = port.Integer("containerPort") ?? 0;
                var name = port.Text("name") is { Length: > 0 } given ? given : $"tcp-{container.Text("name")}-{index}";
                var isMain = service.TargetPort is { } main && (main.Integer() == number || (main.Text() is { } text && text == port.Text("name")));
                if (!isMain && (port.Text("protocol") ?? "TCP") == "TCP" && numbers.Add(number) && names.Add(name))
                {
                    yield return Port(name, number, JsonValue.Create(number));
                }
            }
        }
    }

    private static JsonObject Port(string name, int number, JsonNode targetPort)
        => new() { ["name"] = name, ["protocol"] = "TCP", ["port"] = number, ["targetPort"] = targetPort };
}
