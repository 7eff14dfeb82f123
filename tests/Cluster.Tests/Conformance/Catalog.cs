using CanaryFunctions.Cluster.Tests.Conformance.Behaviours;

namespace CanaryFunctions.Cluster.Tests.Conformance;

/// <summary>All behaviours, by area.</summary>
internal static class Catalog
{
    internal static IReadOnlyList<Behaviour> All { get; } =
    [
        .. Writing.All,
        .. Patching.All,
        .. Applying.All,
        .. Deleting.All,
        .. Owning.All,
        .. Reading.All,
        .. Watching.All,
        .. Printing.All,
        .. Events.All,
        .. Custom.All,
        .. Converting.All,
        .. Admitting.All,
        .. Refusing.All,
        .. Serving.All,
        .. Versions.All,
    ];

    public static TheoryData<string> Names => [.. All.Select(b => b.Name)];

    /// <summary>The behaviour, and its place among all.</summary>
    internal static (Behaviour Behaviour, int Number) Find(string name) => All.Index().Select(b => (b.Item, b.Index)).Single(b => b.Item.Name == name);
}
