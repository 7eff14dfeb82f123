using System.Text.Json;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Simulator.Network;
using CanaryFunctions.Simulator.Network.Mesh;
using CanaryFunctions.Simulator.Workloads;

namespace CanaryFunctions.Simulator.Gateway.Smi;

/// <summary>A TrafficSplit object, ready for use.</summary>
/// <param name="Service">The host whose calls are split: a Service's name in one of its forms, or a name from outside.</param>
/// <param name="Gateways">What the annotation of SMI's adapter for Istio names; empty where there is none.</param>
/// <param name="Backends">Names of Services in the same namespace, in turns; null where all weights are 0.</param>
internal sealed record TrafficSplit(ObjectKey Key, string Service, IReadOnlyList<string> Gateways, WeightedTurns<string>? Backends)
{
    private const string GatewaysAnnotation = "VirtualService.v1alpha3.networking.istio.io/spec.gateways";

    /// <param name="warnings">Takes what is not obeyed.</param>
    /// <returns>Null where it splits nothing.</returns>
    public static TrafficSplit? Of(JsonObject obj, List<string> warnings)
    {
        if (obj.At("spec", "matches") is JsonArray { Count: > 0 })
        {
            warnings.Add("spec.matches is not known here; it splits nothing.");
            return null;
        }

        List<(string Service, double Weight)> shares = [];
        foreach (var backend in obj.ListAt("spec", "backends"))
        {
            var weight = SplitWeight.Read(backend["weight"]);
            if (weight is null)
            {
                warnings.Add($"the weight of '{backend.Text("service")}' must be a number or a quantity of 0 or more; it gets no calls.");
            }

            shares.Add((backend.Text("service") ?? "", weight ?? 0));
        }

        shares.RemoveAll(s => s.Weight == 0);
        return new(ObjectKey.Of(obj), obj.Text("spec", "service") ?? "", GatewaysOf(obj, warnings), shares.Count == 0 ? null : new(shares));
    }

    /// <summary>Whether it splits calls to this Service. One of another namespace never does.</summary>
    public bool IsOf(ObjectKey service) => Key.Namespace == service.Namespace && ServiceName.Parse(Service, Key.Namespace) == service;

    /// <summary>Takes the next turn.</summary>
    public MeshRoute Next(ServicePort port) => Backends is null ? MeshRoute.NoShare : MeshRoute.To(new(new(Key.Namespace, Backends.Next()), port));

    private static IReadOnlyList<string> GatewaysOf(JsonObject obj, List<string> warnings)
    {
        if (obj.Annotation(GatewaysAnnotation) is not { } text)
        {
            return [];
        }

        try
        {
            return [.. (JsonNode.Parse(text) as JsonArray ?? []).Select(g => g.Text()).OfType<string>()];
        }
        catch (JsonException e)
        {
            warnings.Add($"annotation {GatewaysAnnotation}: '{text}' must be a JSON list of names: {e.Message}");
            return [];
        }
    }
}
