using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Routing;
using CanaryFunctions.Providers.Routers.Shared;

namespace CanaryFunctions.Providers.Routers.Smi;

/// <summary>A router whose whole work is one <see cref="SplitObject"/>. Meshes split calls to the apex service by it, so there is nothing of the user's to change.</summary>
internal abstract class SplitRouter(string name) : ITrafficRouter, IDrivesKinds
{
    public string Name => name;

    public RouterCapabilities Capabilities => RouterCapabilities.None;

    public abstract IReadOnlyList<DrivenKind> Drives { get; }

    public bool OneWillDo => true;

    public IReadOnlyList<ObjectRef> Needs(Canary canary, IServedKinds kinds) => Find(canary, kinds) is { } split ? [split.Reference] : [];

    /// <summary>Null where the object is absent, another's, or makes no sense.</summary>
    public TrafficSplit? Observe(RouteInput input)
        => Find(input.Canary, input.Kinds) is { } split && input.Find(split.Reference) is { } live && input.Canary.Owns(live) ? split.Read(live) : null;

    public RoutePlan Plan(RouteInput input, TrafficSplit split)
    {
        if (Find(input.Canary, input.Kinds) is not { } splitObject)
        {
            return RoutePlan.Blocked($"provider {Name} of canary {input.Canary.Key} {Missing(input.Kinds)}");
        }

        var live = input.Find(splitObject.Reference);
        if (live is not null && !input.Canary.Owns(live) && !splitObject.IsReleased(live))
        {
            return RoutePlan.Blocked($"{splitObject.Reference} exists and is not owned by canary {input.Canary.Key}; delete it, or give the canary's service another name");
        }

        var change = ObjectChange.Between(splitObject.Reference, live, splitObject.Build(live, input.Owner, split));
        return change is null ? RoutePlan.Unchanged : RoutePlan.Of(change);
    }

    /// <summary>
    /// What callers can do without is deleted, and the rest released from the Canary. Garbage collection would do the former, but in any order: the tracks'
    /// Services might go first, and calls with them.
    /// </summary>
    public RoutePlan Restore(RouteInput input)
    {
        if (Find(input.Canary, input.Kinds) is not { } split || input.Find(split.Reference) is not { } live || !input.Canary.Owns(live))
        {
            return RoutePlan.Unchanged;
        }

        return RoutePlan.Of(split.Release(live) is { } released ? ObjectChange.Replace(split.Reference, released) : ObjectChange.Delete(split.Reference, live));
    }

    /// <summary>In the form that the cluster serves; null when it serves none that will do.</summary>
    protected abstract SplitObject? Find(Canary canary, IServedKinds kinds);

    /// <summary>What it would have to serve, and what it does: the end of a sentence that begins with the provider.</summary>
    protected abstract string Missing(IServedKinds kinds);
}
