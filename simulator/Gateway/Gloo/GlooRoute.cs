using CanaryFunctions.Simulator.Network;
using CanaryFunctions.Simulator.Workloads;

namespace CanaryFunctions.Simulator.Gateway.Gloo;

/// <summary>A route with the matchers of every object on the way to it, and the Upstreams that share its traffic.</summary>
/// <param name="Levels">Of each object on the way its matchers, of which one has to hold; objects that ask for nothing are left out.</param>
internal sealed record GlooRoute(IReadOnlyList<IReadOnlyList<GlooMatcher>> Levels, WeightedTurns<ObjectKey> Upstreams)
{
    public bool Matches(RoutedRequest request)
    {
        foreach (var level in Levels)
        {
            if (!level.Any(m => m.Matches(request)))
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>The routes of one domain of a VirtualService, in order.</summary>
/// <param name="Domain">Lower case; <c>*</c> for any; <c>*.</c> at the start for any text before the rest.</param>
internal sealed record GlooHost(string Domain, IReadOnlyList<GlooRoute> Routes)
{
    /// <summary>Of several domains that match, Envoy takes the exact one, else the longest.</summary>
    public int Specificity => Domain.StartsWith('*') ? Domain.Length : int.MaxValue;

    public bool Matches(string host)
        => Domain == "*" || Domain == host || (Domain.StartsWith("*.", StringComparison.Ordinal) && host.EndsWith(Domain[1..], StringComparison.Ordinal));
}
