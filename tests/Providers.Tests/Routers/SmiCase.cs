using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Routing;
using CanaryFunctions.Providers.Routers.Smi;
using CanaryFunctions.TestKit;

namespace CanaryFunctions.Providers.Tests.Routers;

/// <summary>A golden case of the SMI and Linkerd routers. The router is the one that the Canary's provider names; <c>served</c> lists <c>group/version Kind</c>.</summary>
internal sealed record SmiCase(ITrafficRouter Router, RouteInput Input, Golden Golden)
{
    public static SmiCase Load(string folder, string name)
    {
        var golden = Golden.Load("routers", folder, name);
        ResourceKind[] served = [.. golden.Input.ListAt("served").Select(s => s.Text()!.Split('/', ' '))
            .Select(p => new ResourceKind(p[0], p[1], p[2], $"{p[2]}s".ToLowerInvariant()))];
        var input = RouterCase.InputOf(golden.Input["canary"]!.AsObject(), golden.Input.ListAt("objects").OfType<JsonObject>(), served);
        return new(SmiProvider.Parse(input.Canary.Spec.Provider!).Router(), input, golden);
    }

    public RoutePlan PlanOn(RouteInput input) => Golden.Input.Flag("restore") == true ? Router.Restore(input) : Router.Plan(input, Split!);

    /// <summary>Null where the case restores.</summary>
    public TrafficSplit? Split => Golden.Input.Integer("weight") is { } weight ? TrafficSplit.ToCanary(weight) : null;
}
