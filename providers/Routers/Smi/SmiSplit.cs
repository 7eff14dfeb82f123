using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Routing;

namespace CanaryFunctions.Providers.Routers.Smi;

/// <summary>
/// A TrafficSplit between the two tracks' Services (contracts/routing-metrics.md 1.7). One object is always read and written in one version: what the first
/// version stores is no valid weight of the others.
/// </summary>
internal sealed class SmiSplit(Canary canary, ResourceKind kind, SmiMesh mesh) : SplitObject(canary, kind)
{
    public const string Group = "split.smi-spec.io";
    public const string Kind = "TrafficSplit";

    /// <summary>Where SMI's adapter for Istio reads the gateways of the VirtualService that it makes (1.8): a JSON list.</summary>
    public const string GatewaysAnnotation = "VirtualService.v1alpha3.networking.istio.io/spec.gateways";

    /// <summary>The host whose traffic is split: one outside the mesh where the Canary names one.</summary>
    private string Service => Canary.Spec.Service.Hosts.FirstOrDefault(h => h.Length > 0) ?? Canary.ApexService;

    private bool HasGateways => mesh == SmiMesh.Istio && Canary.Spec.Service.Gateways.Count > 0;

    /// <summary>Null too where other backends take part, or <c>matches</c> leave a part of the requests out.</summary>
    public override TrafficSplit? Read(JsonObject live)
    {
        var backends = live.ListAt("spec", "backends").ToList();
        return live.Text("spec", "service") == Service && live.At("spec", "matches") is null && backends.Count == 2
            ? SplitWeights.Split(WeightOf(backends, Canary.PrimaryService), WeightOf(backends, Canary.CanaryService))
            : null;
    }

    public override void Write(JsonObject obj, TrafficSplit split)
    {
        SetGateways(obj);
        var spec = obj.Section("spec");
        spec["service"] = Service;
        spec["backends"] = new JsonArray(Backend(spec, Canary.CanaryService, split.Canary), Backend(spec, Canary.PrimaryService, split.Primary));

        // With matches the weights would be those of some requests only.
        spec.Remove("matches");
    }

    /// <summary>Calls to the apex service reach it without a split; requests with another host, or through a gateway, do not.</summary>
    public override JsonObject? Release(JsonObject live)
    {
        if (Service == Canary.ApexService && !HasGateways)
        {
            return null;
        }

        var released = live.Copy();
        released.Metadata().Remove("ownerReferences");
        released.Section("spec")["backends"] = new JsonArray(Backend(released.Section("spec"), Canary.ApexService, 100));
        return released;
    }

    public override bool IsReleased(JsonObject live)
        => !live.ListAt("metadata", "ownerReferences").Any() && live.Text("spec", "service") == Service
            && live.ListAt("spec", "backends").ToList() is [var only] && only.Text("service") == Canary.ApexService;

    private static double? WeightOf(IEnumerable<JsonNode> backends, string service)
        => backends.FirstOrDefault(b => b.Text("service") == service) is { } backend ? SplitWeights.Read(backend["weight"]) : null;

    private JsonObject Backend(JsonObject spec, string service, int weight)
    {
        var backend = spec.ListAt("backends").OfType<JsonObject>().FirstOrDefault(b => b.Text("service") == service)?.Copy() ?? [];
        backend["service"] = service;
        backend["weight"] = SplitWeights.Write(weight, asQuantity: Reference.Kind.Version == SmiProvider.V1Alpha1);
        return backend;
    }

    private void SetGateways(JsonObject obj)
    {
        if (mesh != SmiMesh.Istio)
        {
            return;
        }

        if (HasGateways)
        {
            obj.Metadata().Section("annotations")[GatewaysAnnotation] = new JsonArray([.. Canary.Spec.Service.Gateways.Select(g => (JsonNode)g)]).ToJsonString();
        }
        else if (obj.ObjectAt("metadata", "annotations") is { } annotations && annotations.Remove(GatewaysAnnotation) && annotations.Count == 0)
        {
            obj.Metadata().Remove("annotations");
        }
    }
}
