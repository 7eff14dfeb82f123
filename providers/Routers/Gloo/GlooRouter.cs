using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Routing;
using CanaryFunctions.Providers.Routers.Shared;

namespace CanaryFunctions.Providers.Routers.Gloo;

/// <summary>
/// Splits traffic with a RouteTable between two Upstreams, one a track (contracts/routing-metrics.md 1.6). The user's VirtualService, which is never
/// touched, delegates to the RouteTable. All three objects are generated.
/// </summary>
internal sealed class GlooRouter : ITrafficRouter, IDrivesKinds
{
    public const string RouterName = "gloo";

    public string Name => RouterName;

    public RouterCapabilities Capabilities => RouterCapabilities.None;

    public IReadOnlyList<DrivenKind> Drives => [GlooObjects.TableKind, GlooObjects.UpstreamKind];

    public bool OneWillDo => false;

    /// <summary>The track Services too: the Upstreams select the same pods.</summary>
    public IReadOnlyList<ObjectRef> Needs(Canary canary, IServedKinds kinds)
    {
        if (GlooObjects.Of(canary, kinds) is not { } objects)
        {
            return [];
        }

        IEnumerable<ObjectRef> needs = [objects.Table, objects.Primary, objects.Canary, ServiceRef(canary, canary.PrimaryService), ServiceRef(canary, canary.CanaryService)];
        return [.. objects.Config is { } config ? needs.Append(config) : needs];
    }

    /// <summary>Null where the table is absent, another's, or does not say one thing everywhere.</summary>
    public TrafficSplit? Observe(RouteInput input)
        => GlooObjects.Of(input.Canary, input.Kinds) is { } objects && input.Find(objects.Table) is { } table && input.Canary.Owns(table)
            ? new SplitRoutes(input.Canary, objects).Read(table)
            : null;

    public RoutePlan Plan(RouteInput input, TrafficSplit split)
    {
        if (GlooObjects.Of(input.Canary, input.Kinds) is not { } objects)
        {
            return RoutePlan.Blocked($"provider {RouterName} of canary {input.Canary.Key} needs {GlooObjects.Missing(input.Kinds)}, which the cluster does not serve; install Gloo Edge");
        }

        if ((NotOurs(input, objects) ?? NoConfig(input, objects, split)) is { } problem)
        {
            return RoutePlan.Blocked(problem);
        }

        // The upstreams first: a table must not lead to what is not there yet, nor to what is gone.
        IReadOnlyList<ObjectChange?> changes =
        [
            Upstream(input, objects, objects.Primary, input.Canary.PrimaryService, input.Selector.PrimaryValue),
            Upstream(input, objects, objects.Canary, input.Canary.CanaryService, input.Selector.Value),
            ObjectChange.Between(objects.Table, input.Find(objects.Table), SplitTable.Build(input, objects, split)),
            .. FormerUpstreams(input, objects),
        ];
        return changes.OfType<ObjectChange>().ToList() is { Count: > 0 } needed ? RoutePlan.Of(needed) : RoutePlan.Unchanged;
    }

    /// <summary>
    /// The user's VirtualService goes on to delegate to the table, so the table outlives the Canary with one Upstream, which leads to the apex Service. The
    /// other Upstream goes by garbage collection.
    /// </summary>
    public RoutePlan Restore(RouteInput input)
    {
        if (GlooObjects.Of(input.Canary, input.Kinds) is not { } objects || input.Find(objects.Table) is not { } table || !input.Canary.Owns(table)
            || IsAnothers(input, objects, objects.Primary))
        {
            return RoutePlan.Unchanged;
        }

        var upstream = TrackUpstream.Release(input, objects.Primary, ServiceRef(input.Canary, input.Canary.ApexService));
        var released = ObjectChange.Replace(objects.Table, SplitTable.Release(input, objects, table));
        return ObjectChange.Between(objects.Primary, input.Find(objects.Primary), upstream) is { } first ? RoutePlan.Of(first, released) : RoutePlan.Of(released);
    }

    private static ObjectChange? Upstream(RouteInput input, GlooObjects objects, ObjectRef reference, string service, string podValue)
        => ObjectChange.Between(reference, input.Find(reference), TrackUpstream.Build(input, objects, reference, ServiceRef(input.Canary, service), podValue));

    // Our own table led there under a name that only this router makes, so they are the Canary's; they were not read, as nothing else tells of them.
    private static IEnumerable<ObjectChange> FormerUpstreams(RouteInput input, GlooObjects objects)
        => input.Find(objects.Table) is { } table
            ? new SplitRoutes(input.Canary, objects).Former(table).Select(n => ObjectChange.Delete(objects.Primary with { Name = n }, []))
            : [];

    private static string? NotOurs(RouteInput input, GlooObjects objects)
        => ((ObjectRef[])[objects.Table, objects.Primary, objects.Canary])
            .Where(r => IsAnothers(input, objects, r))
            .Select(r => $"{r} exists and is not owned by canary {input.Canary.Key}; delete it, or give the canary's service another name")
            .FirstOrDefault();

    private static bool IsAnothers(RouteInput input, GlooObjects objects, ObjectRef reference)
        => input.Find(reference) is { } live && !input.Canary.Owns(live)
            && !(reference == objects.Table ? SplitTable.IsReleased(live, input, objects) : TrackUpstream.IsReleased(live, ServiceRef(input.Canary, input.Canary.ApexService)));

    // Going back to the primary must not wait for somebody else's object, and needs no settings that are not there already.
    private static string? NoConfig(RouteInput input, GlooObjects objects, TrafficSplit split)
    {
        var canDoWithout = split == TrafficSplit.AllPrimary && input.Find(objects.Primary) is not null && input.Find(objects.Canary) is not null;
        return objects.Config is not { } config || input.Find(config) is not null || canDoWithout ? null
            : $"config upstream {config.Name}.{config.Namespace} get query error: {config.Kind.Plural}.{config.Kind.Group} \"{config.Name}\" not found";
    }

    private static ObjectRef ServiceRef(Canary canary, string service) => new(Kinds.Service, canary.Namespace, service);
}
