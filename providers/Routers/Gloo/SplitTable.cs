using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Routing;
using CanaryFunctions.Providers.Routers.Shared;

namespace CanaryFunctions.Providers.Routers.Gloo;

/// <summary>Makes the RouteTable.</summary>
internal static class SplitTable
{
    /// <summary>The whole table. What others put on the live one stays.</summary>
    public static JsonObject Build(RouteInput input, GlooObjects objects, TrafficSplit split)
    {
        var table = input.Find(objects.Table)?.Copy() ?? Ownership.New(objects.Table, input.Owner);
        if (!input.Canary.Owns(table))
        {
            Ownership.Take(table, input.Owner);
        }

        ApexMetadata.Apply(input.Canary.Spec.Service.Apex, table);
        new SplitRoutes(input.Canary, objects).Write(table, split);
        return table;
    }

    /// <summary>The table as it is to outlive the Canary: all of the traffic goes to the primary's Upstream.</summary>
    public static JsonObject Release(RouteInput input, GlooObjects objects, JsonObject live)
    {
        var table = live.Copy();
        new SplitRoutes(input.Canary, objects).Join(table);
        Ownership.Release(table, input.Canary);
        return table;
    }

    /// <summary>Whether this is what <see cref="Release"/> left: a later Canary takes it up again.</summary>
    public static bool IsReleased(JsonObject table, RouteInput input, GlooObjects objects)
        => Ownership.IsFree(table) && new SplitRoutes(input.Canary, objects).AreJoined(table);
}
