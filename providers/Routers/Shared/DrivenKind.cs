using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Providers.Routers.Shared;

/// <summary>A kind of routing object that a router writes.</summary>
/// <param name="Group">Its API group.</param>
/// <param name="Versions">Those that the router can write, best first; empty for whichever the cluster prefers.</param>
public sealed record DrivenKind(string Group, string Kind, params IReadOnlyList<string> Versions)
{
    /// <summary>The kind as the cluster serves it; null where it serves none that will do.</summary>
    public ResourceKind? In(IServedKinds kinds)
    {
        ArgumentNullException.ThrowIfNull(kinds);
        return Versions.Count == 0
            ? kinds.Find(Group, Kind)
            : Versions.Select(v => kinds.FindAll(Group, Kind).FirstOrDefault(k => k.Version == v)).FirstOrDefault(k => k is not null);
    }
}

/// <summary>What a router writes, for itself and for the table of providers.</summary>
public interface IDrivesKinds
{
    /// <summary>The kinds, best first.</summary>
    IReadOnlyList<DrivenKind> Drives { get; }

    /// <summary>Whether the first one that is served is enough; else all of them are needed.</summary>
    bool OneWillDo { get; }
}
