using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Routing;

namespace CanaryFunctions.Providers.Tests.Routers;

/// <summary>What a router's test gives it, and what it says, in the form of the golden files.</summary>
internal static class RouterCase
{
    private static readonly ResourceKind[] Always = [Kinds.Ingress, Kinds.Service];

    /// <param name="served">The kinds that the cluster serves besides those of every cluster.</param>
    public static RouteInput InputOf(JsonObject canary, IEnumerable<JsonObject> objects, params ResourceKind[] served)
    {
        var owner = Canary.From(canary);
        var byReference = objects.ToDictionary(o => o.RefOf(KindOf(o, served)));
        return new(owner, byReference, new Served(served), owner.OwnerReference(), new("app", "podinfo"));
    }

    /// <summary>The input after the plan was carried out.</summary>
    public static RouteInput After(this RouteInput input, RoutePlan plan)
    {
        var objects = new Dictionary<ObjectRef, JsonObject>(input.Objects);
        foreach (var change in plan.Changes)
        {
            objects.Remove(change.Target);
            if (change.Desired is { } desired)
            {
                objects[change.Target] = desired.Copy();
            }
        }

        return input with { Objects = objects };
    }

    public static JsonObject Describe(TrafficSplit? observed, RoutePlan plan) => new()
    {
        ["observed"] = observed?.ToString(),
        ["problem"] = plan.Problem,
        ["changes"] = new JsonArray([.. plan.Changes.Select(c => (JsonNode)new JsonObject
        {
            ["change"] = c.ToString(),
            ["resourceVersion"] = c.ResourceVersion,
            ["object"] = c.Desired?.Copy(),
        })]),
    };

    private static ResourceKind KindOf(JsonObject obj, ResourceKind[] served)
        => Always.Concat(served).Single(k => k.ApiVersion == obj.Text("apiVersion") && k.Kind == obj.Text("kind"));

    private sealed class Served(ResourceKind[] kinds) : IServedKinds
    {
        public ResourceKind? Find(string group, string kind) => FindAll(group, kind) is [var preferred, ..] ? preferred : null;

        public IReadOnlyList<ResourceKind> FindAll(string group, string kind) => [.. kinds.Where(k => k.Group == group && k.Kind == kind)];
    }
}
