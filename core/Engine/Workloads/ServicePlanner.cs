using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Routing;

namespace CanaryFunctions.Core.Engine.Workloads;

/// <summary>The three Services of a Canary as they should be (contracts/core.md 4.6). Pure.</summary>
public static class ServicePlanner
{
    private static readonly KeyValuePair<string, string>[] FluxOff =
    [
        new("helm.toolkit.fluxcd.io/driftDetection", "disabled"),
        new("kustomize.toolkit.fluxcd.io/reconcile", "disabled"),
    ];

    public static ObjectRef RefOf(Canary canary, string service) => new(Kinds.Service, canary.Namespace, service);

    /// <summary>What the Service of one track needs; null when nothing.</summary>
    /// <param name="podValue">Value of the selector label of the pods behind it.</param>
    public static ObjectChange? Plan(
        Canary canary, string name, ServiceMetadata extra, JsonObject? existing, JsonObject target, PodSelector selector, string podValue)
    {
        var reference = RefOf(canary, name);
        if (existing is null)
        {
            return ObjectChange.Create(reference, New(canary, name, extra, target, selector, podValue));
        }

        var desired = existing.Copy();
        var spec = desired.Section("spec");
        var ports = ServicePorts.Of(canary, target);
        if (!ServicePorts.Same(existing, ports))
        {
            spec["ports"] = ServicePorts.KeepNodePorts(existing, ports);
        }

        spec["selector"] = new JsonObject { [selector.Key] = podValue };
        if (canary.Owns(existing))
        {
            SetMetadata(desired, canary.Spec.Service, name, extra, selector);
        }
        else if (!JsonNode.DeepEquals(existing, desired))
        {
            Merge(desired.Metadata().Section("annotations"), FluxOff);
        }

        return ObjectChange.Between(reference, existing, desired);
    }

    private static JsonObject New(Canary canary, string name, ServiceMetadata extra, JsonObject target, PodSelector selector, string podValue)
    {
        var service = KubeObject.New(Kinds.Service, canary.Namespace, name);
        service.Metadata()["ownerReferences"] = new JsonArray(canary.OwnerReference());
        SetMetadata(service, canary.Spec.Service, name, extra, selector);
        var spec = service.Section("spec");
        spec["type"] = "ClusterIP";
        if (canary.Spec.Service.Headless)
        {
            spec["clusterIP"] = "None";
        }

        if (canary.Spec.Service.TrafficDistribution is { Length: > 0 } distribution)
        {
            spec["trafficDistribution"] = distribution;
        }

        spec["selector"] = new JsonObject { [selector.Key] = podValue };
        spec["ports"] = ServicePorts.Of(canary, target);
        return service;
    }

    private static void SetMetadata(JsonObject service, ServiceSpec spec, string name, ServiceMetadata extra, PodSelector selector)
    {
        var metadata = service.Metadata();
        var labels = Kept(metadata, "labels", spec.UnmanagedLabels);
        Merge(labels, extra.Labels);
        labels[selector.Key] = name;
        metadata["labels"] = labels;
        var annotations = Kept(metadata, "annotations", spec.UnmanagedAnnotations);
        Merge(annotations, FluxOff);
        Merge(annotations, extra.Annotations);
        metadata["annotations"] = annotations;
    }

    private static JsonObject Kept(JsonObject metadata, string section, IReadOnlyList<string> keys)
        => CopiedMetadata.ToJson(metadata.Map(section).Where(p => keys.Contains(p.Key)));

    private static void Merge(JsonObject into, IEnumerable<KeyValuePair<string, string>> pairs)
    {
        foreach (var (key, value) in pairs)
        {
            into[key] = value;
        }
    }
}
