using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Routing;

namespace CanaryFunctions.Core.Admission.Cluster;

/// <summary>Whether the cluster serves what a provider works with. The router says so itself: it is asked to plan with nothing there.</summary>
internal static class ApiWarnings
{
    public static IEnumerable<SpecProblem> Of(Canary canary, string provider, ITrafficRouter router, TargetIndex index)
    {
        if (index.Served is not { } served)
        {
            yield break;
        }

        var kinds = new AskedKinds(served);
        var needs = router.Needs(canary, kinds);
        var problem = needs.Count > 0
            ? needs.Where(n => kinds.Find(n.Kind.Group, n.Kind.Kind) is null).Select(n => $"provider {provider} needs {n.Kind.Kind} of {n.Kind.Group}, which the cluster does not serve").FirstOrDefault()
            : router.Plan(new(canary, new Dictionary<ObjectRef, System.Text.Json.Nodes.JsonObject>(), kinds, canary.OwnerReference(), new("", "")), TrafficSplit.AllPrimary).Problem;

        // Discovery is asked once in a while: a definition that was applied together with the Canary is served without its knowing.
        if (problem is not null && kinds.Missing.All(group => index.Defines(group) == false))
        {
            yield return new("spec.provider", provider, $"cannot move traffic yet: {problem.TrimEnd('.')}.");
        }
    }

    /// <summary>Remembers which groups were asked for in vain.</summary>
    private sealed class AskedKinds(IServedKinds served) : IServedKinds
    {
        public HashSet<string> Missing { get; } = [];

        public ResourceKind? Find(string group, string kind) => Note(group, served.Find(group, kind));

        public IReadOnlyList<ResourceKind> FindAll(string group, string kind)
        {
            var found = served.FindAll(group, kind);
            Note(group, found.Count > 0 ? found[0] : null);
            return found;
        }

        private ResourceKind? Note(string group, ResourceKind? found)
        {
            if (found is null)
            {
                Missing.Add(group);
            }

            return found;
        }
    }
}
