using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Routing;
using CanaryFunctions.Providers.Routers.Shared;

namespace CanaryFunctions.Providers.Routers.Traefik;

/// <summary>
/// Splits traffic with a weighted TraefikService between the two track Services (contracts/routing-metrics.md 1.9). The user's IngressRoute, which is never
/// touched, leads to it. A TraefikService that the user made gets the split as well. At the end either leads to the apex service.
/// </summary>
internal sealed class TraefikRouter : ITrafficRouter, IDrivesKinds
{
    public const string RouterName = "traefik";

    public string Name => RouterName;

    public RouterCapabilities Capabilities => RouterCapabilities.None;

    public IReadOnlyList<DrivenKind> Drives => TraefikObjects.Kinds;

    public bool OneWillDo => true;

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
            return RoutePlan.Blocked($"provider {RouterName} of canary {input.Canary.Key} needs TraefikService of {string.Join(" or ", Drives.Select(k => k.Group))}, "
                + "which the cluster does not serve; install Traefik's custom resource definitions");
        }

        var live = input.Find(reference);
        if (live is not null && Problem(input.Canary, reference, live) is { } problem)
        {
            return RoutePlan.Blocked(problem);
        }

        var desired = live?.Copy() ?? KubeObject.New(reference.Kind, reference.Namespace, reference.Name);
        desired.Section("spec").Section("weighted")["services"] = new WeightedServices(input.Canary).Write(live is null ? null : Services(live), split);
        if (live is null || input.Canary.Owns(live))
        {
            Ownership.Take(desired, input.Owner);
            ApexMetadata.Apply(input.Canary.Spec.Service.Apex, desired);
        }
        else
        {
            ToolkitAnnotations.Add(desired);
        }

        return ObjectChange.Between(reference, live, desired) is { } change ? RoutePlan.Of(change) : RoutePlan.Unchanged;
    }

    /// <summary>
    /// The user's IngressRoute goes on to lead here, so the object outlives the Canary and leads to the apex service: one that the user made as before, one that was
    /// generated as if the user had made it.
    /// </summary>
    public RoutePlan Restore(RouteInput input)
    {
        List<ObjectChange> changes = [];
        foreach (var reference in TraefikObjects.All(input.Canary, input.Kinds))
        {
            if (input.Find(reference) is { } live && Problem(input.Canary, reference, live) is null && IsTakenUp(input.Canary, live)
                && ObjectChange.Between(reference, live, Released(input.Canary, live)) is { } change)
            {
                changes.Add(change);
            }
        }

        return changes.Count > 0 ? RoutePlan.Of(changes) : RoutePlan.Unchanged;
    }

    // One that leads elsewhere was never written by us.
    private static bool IsTakenUp(Canary canary, JsonObject live)
        => canary.Owns(live) || !JsonNode.DeepEquals(new WeightedServices(canary).Join(Services(live)), Services(live));

    private static JsonObject Released(Canary canary, JsonObject live)
    {
        var released = live.Copy();
        released.Section("spec").Section("weighted")["services"] = new WeightedServices(canary).Join(Services(live));
        Ownership.Release(released, canary);
        return released;
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
}
