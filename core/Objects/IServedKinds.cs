namespace CanaryFunctions.Core.Objects;

/// <summary>What discovery said a moment ago. A snapshot, so that pure code can ask it.</summary>
public interface IServedKinds
{
    /// <summary>The kind in the version that the cluster prefers; null when it is not served.</summary>
    ResourceKind? Find(string group, string kind);

    /// <summary>The kind in every version that is served, the preferred one first; empty when it is not served. For kinds whose versions differ in form.</summary>
    IReadOnlyList<ResourceKind> FindAll(string group, string kind) => Find(group, kind) is { } found ? [found] : [];
}
