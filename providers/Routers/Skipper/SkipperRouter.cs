using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Routing;
using CanaryFunctions.Providers.Routers.Shared;

namespace CanaryFunctions.Providers.Routers.Skipper;

/// <summary>
/// Splits traffic with a second Ingress beside the user's, <c>{ingress}-canary</c> (contracts/routing-metrics.md 1.5). The user's Ingress is never
/// written: it leads to the primary and takes over whenever the second one is disabled, which it is while the canary's share is 0.
/// </summary>
internal sealed class SkipperRouter : ITrafficRouter, IDrivesKinds
{
    public const string RouterName = "skipper";

    public string Name => RouterName;

    public RouterCapabilities Capabilities => RouterCapabilities.None;

    public IReadOnlyList<DrivenKind> Drives => [new(Kinds.Ingress.Group, Kinds.Ingress.Kind, Kinds.Ingress.Version)];

    public bool OneWillDo => true;

    public IReadOnlyList<ObjectRef> Needs(Canary canary, IServedKinds kinds)
        => IngressPair.Of(canary) is { } pair ? [pair.Apex, pair.Canary] : [];

    /// <summary>A disabled clone takes no traffic, whatever its weights say. Null where the clone is absent, another's, or makes no sense.</summary>
    public TrafficSplit? Observe(RouteInput input)
    {
        var clone = IngressPair.Of(input.Canary) is { } pair ? input.Find(pair.Canary) : null;
        if (clone is null || !input.Canary.Owns(clone))
        {
            return null;
        }

        var predicates = SkipperPredicates.Read(clone.Annotation(SkipperPredicates.Annotation));
        return predicates.IsDisabled ? TrafficSplit.AllPrimary
            : predicates.IsActive ? BackendWeights.Split(clone.Annotation(BackendWeights.Annotation), input.Canary)
            : null;
    }

    public RoutePlan Plan(RouteInput input, TrafficSplit split)
    {
        if (IngressPair.Of(input.Canary) is not { } pair)
        {
            return RoutePlan.Blocked($"ingress selector is empty: spec.ingressRef.name of canary {input.Canary.Key} must name an ingress");
        }

        if (input.Find(pair.Apex) is not { } apex)
        {
            return RoutePlan.Blocked($"apexIngress {pair.Apex.Name}.{pair.Apex.Namespace} get query error: "
                + $"ingresses.networking.k8s.io \"{pair.Apex.Name}\" not found");
        }

        var live = input.Find(pair.Canary);
        if (Problem(input.Canary, pair, apex, live) is { } problem)
        {
            return RoutePlan.Blocked(problem);
        }

        var desired = CanaryIngress.Build(input, pair, apex, live, split);
        return ObjectChange.Between(pair.Canary, live, desired) is { } change ? RoutePlan.Of(change) : RoutePlan.Unchanged;
    }

    /// <summary>Without the clone the user's Ingress takes everything again. It goes at once instead of waiting for garbage collection.</summary>
    public RoutePlan Restore(RouteInput input)
        => IngressPair.Of(input.Canary) is { } pair && input.Find(pair.Canary) is { } clone && input.Canary.Owns(clone)
            ? RoutePlan.Of(ObjectChange.Delete(pair.Canary, clone))
            : RoutePlan.Unchanged;

    private static string? Problem(Canary canary, IngressPair pair, JsonObject apex, JsonObject? live)
    {
        if (live is not null && !canary.Owns(live))
        {
            return $"{pair.Canary} exists and is not owned by canary {canary.Key}; delete it, or give the canary an ingress of another name";
        }

        if (BackendWeights.Read(apex.Annotation(BackendWeights.Annotation)).ContainsKey(canary.ApexService))
        {
            return $"{pair.Apex} splits the traffic of backend {canary.ApexService} itself; "
                + $"remove it from the annotation {BackendWeights.Annotation}";
        }

        var backends = IngressPaths.Backends(apex).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        return backends.Contains(canary.ApexService) ? null
            : $"backend {canary.ApexService} not found in {pair.Apex}; "
                + (backends.Count == 0 ? "no path of its rules leads to a service" : $"its paths lead to: {string.Join(", ", backends)}");
    }
}
