using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Simulator.Workloads;

/// <summary>Writes a Service's subsets down as Endpoints and as EndpointSlices. Pure.</summary>
internal static class EndpointDocuments
{
    public static JsonObject Endpoints(JsonObject service, IReadOnlyList<EndpointSubset> subsets)
    {
        var document = KubeObject.New(WorkloadKinds.Endpoints, service.Namespace(), service.Name());
        document.Metadata()["labels"] = new JsonObject { ["endpointslice.kubernetes.io/managed-by"] = "endpointslice-controller.k8s.io" };
        document["subsets"] = new JsonArray([.. subsets.Where(s => s.Ready.Count + s.NotReady.Count > 0).Select(Subset)]);
        return document;
    }

    public static IReadOnlyList<JsonObject> Slices(JsonObject service, IReadOnlyList<EndpointSubset> subsets, string serviceLabel, string managerLabel, string manager)
    {
        return [.. subsets.Select(Slice)];

        JsonObject Slice(EndpointSubset subset)
        {
            // The ports of a slice never change, so they may name it.
            var name = $"{service.Name()}-{ShortNames.Of($"{service.Uid()}/{subset.Ports.ToJsonString()}", 5)}";
            var slice = KubeObject.New(WorkloadKinds.EndpointSlice, service.Namespace(), name);
            slice.Metadata()["labels"] = new JsonObject { [serviceLabel] = service.Name(), [managerLabel] = manager };
            slice.Metadata()["ownerReferences"] = Ownership.ControlledBy(service, Kinds.Service);
            slice["addressType"] = "IPv4";
            slice["endpoints"] = new JsonArray([.. subset.Ready.Concat(subset.NotReady).OrderBy(p => p.Name(), StringComparer.Ordinal).Select(Endpoint)]);
            slice["ports"] = subset.Ports.DeepClone();
            return slice;
        }
    }

    private static JsonObject Subset(EndpointSubset subset)
    {
        var written = new JsonObject();
        foreach (var (field, pods) in (ReadOnlySpan<(string, IReadOnlyList<JsonObject>)>)[("addresses", subset.Ready), ("notReadyAddresses", subset.NotReady)])
        {
            if (pods.Count > 0)
            {
                written[field] = new JsonArray([.. pods.Select(Address)]);
            }
        }

        written["ports"] = subset.Ports.DeepClone();
        return written;
    }

    private static JsonObject Address(JsonObject pod) => new()
    {
        ["ip"] = pod.Text("status", "podIP"),
        ["nodeName"] = pod.Text("spec", "nodeName"),
        ["targetRef"] = TargetRef(pod),
    };

    private static JsonObject Endpoint(JsonObject pod)
    {
        var ready = EndpointSubsets.IsReady(pod);
        return new()
        {
            ["addresses"] = new JsonArray(pod.Text("status", "podIP")),
            ["conditions"] = new JsonObject { ["ready"] = ready, ["serving"] = ready, ["terminating"] = false },
            ["nodeName"] = pod.Text("spec", "nodeName"),
            ["targetRef"] = TargetRef(pod),
        };
    }

    private static JsonObject TargetRef(JsonObject pod) => new()
    {
        ["kind"] = "Pod",
        ["namespace"] = pod.Namespace(),
        ["name"] = pod.Name(),
        ["uid"] = pod.Uid(),
    };
}
