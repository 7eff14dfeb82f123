using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Routing;

namespace CanaryFunctions.Providers.Routers.Traefik;

/// <summary>
/// Splits traffic with a weighted TraefikService between the two track Services (contracts/routing-metrics.md 1.9). The user's IngressRoute, which is never
/// touched, leads to it. A TraefikService that the user made gets the split as well, and at the end leads to the apex service again.
/// </summary>
internal sealed class TraefikRouter : ITrafficRouter
{
    public const string RouterName = "traefik";

    // A controller that applies the user's sources must neither prune nor revert what it did not write.
    private static readonly (string Key, string Value)[] ToolkitAnnotations =
        [("helm.toolkit.fluxcd.io/driftDetection", "disabled"), ("kustomize.toolkit.fluxcd.io/reconcile", "disabled")];

    public string Name => RouterName;

    public RouterCapabilities Capabilities => RouterCapabilities.None;

    public IReadOnlyList<ObjectRef> Needs(Canary canary, IServedKinds kinds) => TraefikObjects.All(canary, kinds);

    /// <summary>Null where the object is absent, another's, or makes no sense.</summary>
    public TrafficSplit? Observe(RouteInput input)
        => TraefikObjects.Find(input) is { } reference && input.Find(reference) is { } live && Problem(input.Canary, reference, live) is null
            ? new WeightedServices(input.Canary).Read(Services(live))
            : null;

    public RoutePlan Plan(RouteInput input, TrafficSplit split)
    {
        if (TraefikObjects.Find(input) is not { } reference)
        {
            return RoutePlan.Blocked($"provider {RouterName} of canary {input.Canary.Key} needs TraefikService of {string.Join(" or ", TraefikObjects.Groups)}, "
                + "which the cluster does not serve; install Traefik's custom resource definitions");
        }

        var live = input.Find(reference);
        if (live is not null && Problem(input.Canary, reference, live) is { } problem)
        {
            return RoutePlan.Blocked(problem);
        }

        var desired = live?.Copy() ?? KubeObject.New(reference.Kind, reference.Namespace, reference.Name);
        desired.Section("spec").Section("weighted")["services"] = new WeightedServices(input.Canary).Write(live is null ? null : Services(live), split);
        SetMetadata(desired, input, isOurs: live is null || input.Canary.Owns(live));
        return ObjectChange.Between(reference, live, desired) is { } change ? RoutePlan.Of(change) : RoutePlan.Unchanged;
    }

    /// <summary>What was generated goes by garbage collection; what the user made leads to the apex service again.</summary>
    public RoutePlan Restore(RouteInput input)
    {
        if (TraefikObjects.Find(input) is not { } reference || input.Find(reference) is not { } live
            || input.Canary.Owns(live) || Problem(input.Canary, reference, live) is not null)
        {
            return RoutePlan.Unchanged;
        }

        var joined = new WeightedServices(input.Canary).Join(Services(live));
        if (JsonNode.DeepEquals(joined, Services(live)))
        {
            return RoutePlan.Unchanged;
        }

        var desired = live.Copy();
        desired.Section("spec").Section("weighted")["services"] = joined;
        foreach (var (key, _) in ToolkitAnnotations)
        {
            desired.ObjectAt("metadata", "annotations")?.Remove(key);
        }

        return RoutePlan.Of(ObjectChange.Replace(reference, desired));
    }

    private static JsonArray? Services(JsonObject service) => service.At("spec", "weighted", "services") as JsonArray;

    private static string? Problem(Canary canary, ObjectRef reference, JsonObject live)
    {
        if (TraefikObjects.IsControlledByOthers(live, canary))
        {
            return $"{reference} exists and is controlled by another object than canary {canary.Key}; delete it, or give the canary's service another name";
        }

        // Traefik takes one of several ways to balance; adding ours beside another one would leave it to chance which applies.
        var other = (live.ObjectAt("spec") ?? []).Select(p => p.Key).Where(k => k != "weighted").Order(StringComparer.Ordinal).FirstOrDefault();
        return live.ObjectAt("spec", "weighted") is null && other is not null
            ? $"{reference} has spec.{other} and no spec.weighted; it cannot split traffic by weight, so rename it or make it weighted"
            : null;
    }

    private static void SetMetadata(JsonObject service, RouteInput input, bool isOurs)
    {
        var annotations = service.Metadata().Section("annotations");
        foreach (var (key, value) in ToolkitAnnotations)
        {
            annotations[key] = value;
        }

        if (!isOurs)
        {
            return;
        }

        var apex = input.Canary.Spec.Service.Apex;
        Copy(apex.Annotations, annotations);
        if (apex.Labels.Count > 0)
        {
            Copy(apex.Labels, service.Metadata().Section("labels"));
        }

        if (!input.Canary.Owns(service))
        {
            service.Metadata()["ownerReferences"] = new JsonArray(input.Owner.DeepClone());
        }
    }

    private static void Copy(IReadOnlyDictionary<string, string> from, JsonObject to)
    {
        foreach (var (key, value) in from)
        {
            to[key] = value;
        }
    }
}
