using CanaryFunctions.Core.Routing;

namespace CanaryFunctions.Core.Engine.Planning;

/// <summary>A track without ready pods gets nothing while the other has some. The recorded weight stays, and is taken up again when pods are back.</summary>
public static class TrafficGuard
{
    public static TrafficSplit Apply(TrafficSplit wanted, int readyPrimaryPods, int readyCanaryPods) => (readyPrimaryPods, readyCanaryPods) switch
    {
        ( > 0, <= 0) => TrafficSplit.AllPrimary,
        ( <= 0, > 0) => TrafficSplit.AllCanary,
        _ => wanted,
    };
}
