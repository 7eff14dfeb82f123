using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Routing;

namespace CanaryFunctions.Providers.Tests.Routers;

/// <summary>The input of Gloo's golden cases. <c>served</c> replaces what the cluster serves: <c>group/version Kind</c>.</summary>
internal static class GlooCase
{
    private static readonly ResourceKind[] Usual =
        [new("gateway.solo.io", "v1", "RouteTable", "routetables"), new("gloo.solo.io", "v1", "Upstream", "upstreams")];

    public static RouteInput InputOf(JsonObject golden) => RouterCase.InputOf(golden["canary"]!.AsObject(), golden.ListAt("objects").OfType<JsonObject>(), Served(golden));

    private static ResourceKind[] Served(JsonObject golden)
        => golden["served"] is null ? Usual : [.. golden.ListAt("served").Select(s => s.Text()!.Split('/', ' ')).Select(p => new ResourceKind(p[0], p[1], p[2], $"{p[2]}s".ToLowerInvariant()))];
}
