using CanaryFunctions.Simulator.Network;

namespace CanaryFunctions.Simulator.Gateway.Skipper;

/// <summary>One host and path of an Ingress, with the backends that share its traffic.</summary>
/// <param name="Host">Lower case; empty for any; <c>*.</c> at the start for one label of any text.</param>
internal sealed record SkipperRoute(string Host, RoutePath Path, RouteConditions Conditions, WeightedTurns<RouteMatch> Backends)
{
    /// <summary>Of routes with equally specific paths the higher one is looked at first. A host is one more condition.</summary>
    public int Priority => Conditions.Priority + (Host.Length > 0 ? 1 : 0);

    public bool Matches(RoutedRequest request) => MatchesHost(request.Host) && Path.Matches(request.Path) && Conditions.Hold(request);

    public bool MatchesHost(string host)
    {
        if (Host.Length == 0 || Host == host)
        {
            return true;
        }

        if (!Host.StartsWith("*.", StringComparison.Ordinal))
        {
            return false;
        }

        var dot = host.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && host.AsSpan(dot).SequenceEqual(Host.AsSpan(1));
    }
}
