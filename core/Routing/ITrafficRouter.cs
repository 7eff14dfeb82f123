using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Routing;

/// <summary>
/// One way to split traffic. Pure: it names the objects it needs, reads the split off them and plans changed objects; the engine reads and writes.
/// Found by name; registered in one sorted list.
/// </summary>
public interface ITrafficRouter : INamed
{
    /// <summary>What it can do besides weights. Anything a Canary asks for beyond it is refused at admission and in the step.</summary>
    RouterCapabilities Capabilities { get; }

    /// <summary>Objects the router reads or writes. They are read before <see cref="Observe"/> and <see cref="Plan"/>; absent ones are missing from the input.</summary>
    IReadOnlyList<ObjectRef> Needs(Canary canary, IServedKinds kinds);

    /// <summary>The split that the objects show now; null when they show none.</summary>
    TrafficSplit? Observe(RouteInput input);

    /// <summary>What has to change so that the objects show the split. Planning again on the result changes nothing.</summary>
    RoutePlan Plan(RouteInput input, TrafficSplit split);

    /// <summary>What has to change so that the objects are as before the Canary came. Objects that the Canary owns go by garbage collection and need no change.</summary>
    RoutePlan Restore(RouteInput input);
}

/// <summary>What a router can do besides moving weights.</summary>
[Flags]
public enum RouterCapabilities
{
    None = 0,
    HeaderMatch = 1,
    Mirroring = 2,
    SessionAffinity = 4,
}

/// <summary>Shares of the traffic in percent; they sum to 100.</summary>
public sealed record TrafficSplit
{
    private TrafficSplit(int canary) => Canary = canary;

    /// <summary>Everything to the primary.</summary>
    public static readonly TrafficSplit AllPrimary = new(0);

    /// <summary>Everything to the canary.</summary>
    public static readonly TrafficSplit AllCanary = new(100);

    /// <summary>The canary's share, 0 to 100.</summary>
    public int Canary { get; }

    /// <summary>The primary's share, 0 to 100.</summary>
    public int Primary => 100 - Canary;

    /// <exception cref="ArgumentOutOfRangeException">The weight is not between 0 and 100.</exception>
    public static TrafficSplit ToCanary(int weight)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(weight);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(weight, 100);
        return new(weight);
    }

    public override string ToString() => $"{Primary}/{Canary}";
}

/// <summary>What a router decides on.</summary>
/// <param name="Objects">The objects that <see cref="ITrafficRouter.Needs"/> named, as far as they exist. Routers copy before they change.</param>
/// <param name="Owner">The owner reference for objects that the router creates.</param>
/// <param name="Selector">The label key and value that select the target's pods.</param>
public sealed record RouteInput(
    Canary Canary, IReadOnlyDictionary<ObjectRef, JsonObject> Objects, IServedKinds Kinds, JsonObject Owner, PodSelector Selector)
{
    public JsonObject? Find(ObjectRef reference) => Objects.GetValueOrDefault(reference);
}

/// <summary>The label that tells the pods of the two tracks apart: canary pods carry <see cref="Value"/>, primary pods <c>Value-primary</c>.</summary>
public sealed record PodSelector(string Key, string Value)
{
    public string PrimaryValue => $"{Value}-primary";
}

/// <summary>A router's answer: changes, or why it cannot plan.</summary>
public sealed record RoutePlan(IReadOnlyList<ObjectChange> Changes, string? Problem)
{
    public static readonly RoutePlan Unchanged = new([], null);

    public static RoutePlan Of(params IReadOnlyList<ObjectChange> changes) => new(changes, null);

    /// <summary>The objects do not allow the split, as with an ingress that is not there. A condition and a Warning event say so; nothing moves.</summary>
    public static RoutePlan Blocked(string problem) => new([], problem);
}
