namespace CanaryFunctions.Simulator.Api.Resources;

/// <summary>Every kind that is served now: the built-in ones and those of the stored definitions. Readers see whole snapshots.</summary>
internal sealed class ResourceCatalog
{
    private readonly IReadOnlyList<ResourceType> _builtIn = BuiltInResources.All;
    private volatile Snapshot _current;

    public ResourceCatalog()
    {
        _current = new Snapshot(_builtIn);
    }

    /// <summary>In the order of discovery: groups by name with the core group first, versions by preference.</summary>
    public IReadOnlyList<ResourceType> All => _current.All;

    public void SetCustom(IEnumerable<ResourceType> custom) => _current = new Snapshot([.. _builtIn, .. custom]);

    public ResourceType? Find(string group, string version, string plural) => _current.ByPath.GetValueOrDefault((group, version, plural));

    public ResourceType? FindKind(string group, string version, string kind)
        => _current.All.FirstOrDefault(t => t.Group == group && t.Version == version && t.Kind == kind);

    public ResourceType? FindKind(string apiVersion, string kind) => _current.All.FirstOrDefault(t => t.ApiVersion == apiVersion && t.Kind == kind);

    /// <summary>The kind in the version that the store holds it in.</summary>
    public ResourceType? FindStored(string storageKey)
        => _current.All.FirstOrDefault(t => t.StorageKey == storageKey && t.Version == t.StorageVersion) ?? _current.All.FirstOrDefault(t => t.StorageKey == storageKey);

    /// <summary>A group's versions, the preferred one first.</summary>
    public IEnumerable<string> Versions(string group) => _current.All.Where(t => t.Group == group).Select(t => t.Version).Distinct();

    public IEnumerable<string> Groups => _current.All.Select(t => t.Group).Distinct();

    private sealed class Snapshot
    {
        public Snapshot(IReadOnlyList<ResourceType> types)
        {
            All = [.. types.OrderBy(t => t.Group, StringComparer.Ordinal).ThenBy(t => t.Version, VersionOrder.PreferredFirst)];
            ByPath = All.ToDictionary(t => (t.Group, t.Version, t.Plural));
        }

        public IReadOnlyList<ResourceType> All { get; }

        public Dictionary<(string Group, string Version, string Plural), ResourceType> ByPath { get; }
    }
}
