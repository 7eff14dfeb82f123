using CanaryFunctions.Simulator.Workloads;

namespace CanaryFunctions.Simulator.Gateway.Traefik;

/// <summary>One route of an IngressRoute.</summary>
/// <param name="Priority">Of the routes that match, the one with the highest is taken.</param>
internal sealed record TraefikRoute(RouteRule Rule, int Priority, WeightedTurns<TraefikTarget> Services);

/// <summary>Where a share of requests goes: to a Service, or on to a TraefikService, which is looked up anew for each request.</summary>
internal sealed record TraefikTarget(RouteMatch? Backend, ObjectKey Next);
