using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Routing;
using CanaryFunctions.Providers.Routers.Shared;

namespace CanaryFunctions.Providers.Routers.Traefik;

/// <summary>
/// Which TraefikService splits a Canary's traffic: it has the apex service's name, because that is what the user's IngressRoute leads to. Traefik 2 up to
/// 2.9 knows only the old API group, 3 only the new one, and the versions between know both and look into the new one first.
/// </summary>
internal static class TraefikObjects
{
    /// <summary>In the order of preference.</summary>
    public static readonly IReadOnlyList<DrivenKind> Kinds = [new("traefik.io", "TraefikService"), new("traefik.containo.us", "TraefikService")];

    /// <summary>One reference for each group that is served.</summary>
    public static IReadOnlyList<ObjectRef> All(Canary canary, IServedKinds kinds)
        => [.. Kinds.Select(k => k.In(kinds)).OfType<ResourceKind>().Select(k => new ObjectRef(k, canary.Namespace, canary.ApexService))];

    /// <summary>
    /// The one to read and write: ours where it is, else what others made under that name, else the one to create. A group that is served later does not
    /// move an object that is there, so a release goes on where it began. Null when no group is served.
    /// </summary>
    public static ObjectRef? Find(RouteInput input)
    {
        var all = All(input.Canary, input.Kinds);
        return all.FirstOrDefault(r => input.Find(r) is { } live && input.Canary.Owns(live))
            ?? all.FirstOrDefault(r => input.Find(r) is not null)
            ?? (all.Count > 0 ? all[0] : null);
    }

    /// <summary>Whether another object than the Canary controls this one, which then would be written back.</summary>
    public static bool IsControlledByOthers(JsonObject live, Canary canary)
        => !canary.Owns(live) && live.ListAt("metadata", "ownerReferences").Any(o => o.Flag("controller") == true);
}
