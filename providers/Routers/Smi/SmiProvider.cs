using CanaryFunctions.Core.Admission;
using CanaryFunctions.Core.Analysis;
using CanaryFunctions.Core.Routing;
using CanaryFunctions.Providers.Routers.Linkerd;
using CanaryFunctions.Providers.Routers.Shared;

namespace CanaryFunctions.Providers.Routers.Smi;

/// <summary>
/// One spelling of an SMI provider: <c>smi[:version][:mesh]</c>, or a mesh that speaks SMI by its own name (contracts/routing-metrics.md 1.2 and 1.8).
/// Providers are found by exact name, so every spelling is registered.
/// </summary>
/// <param name="Versions">Versions of TrafficSplit that will do, the best one first.</param>
/// <param name="HasRoutes">Whether HTTPRoutes will do where no TrafficSplit is served.</param>
internal sealed record SmiProvider(string Name, SmiMesh Mesh, IReadOnlyList<string> Versions, bool HasRoutes)
{
    public const string V1Alpha1 = "v1alpha1";
    private const string V1Alpha2 = "v1alpha2";
    private const string V1Alpha3 = "v1alpha3";
    private const string Prefix = "smi";

    private static readonly string[] AllVersions = [V1Alpha1, V1Alpha2, V1Alpha3];

    /// <summary>The TrafficSplit that it writes.</summary>
    public DrivenKind Split => new(SmiSplit.Group, SmiSplit.Kind, Versions);

    /// <summary>Meshes by their own names, sorted.</summary>
    public static IReadOnlyList<SmiProvider> Meshes { get; } = [Parse("linkerd"), Parse("osm")];

    /// <summary>All that begin with <c>smi</c>, sorted.</summary>
    public static IReadOnlyList<SmiProvider> Spellings { get; } =
        [.. AllVersions.Select(v => $":{v}").Prepend("")
            .SelectMany(version => ((string[])["", ":istio", ":linkerd", ":osm"]).Select(mesh => $"{Prefix}{version}{mesh}"))
            .Order(StringComparer.Ordinal)
            .Select(Parse)];

    /// <summary>Says what a name means.</summary>
    /// <exception cref="ArgumentException">It is none of ours.</exception>
    public static SmiProvider Parse(string name)
    {
        var isSmi = name.Split(':')[0] == Prefix;
        string[] rest = isSmi ? name.Split(':')[1..] : [name];
        var version = isSmi && rest is [var first, ..] && AllVersions.Contains(first) ? first : null;
        var mesh = (version is null ? rest : rest[1..]) switch
        {
            [] => SmiMesh.Any,
            ["istio"] when isSmi => SmiMesh.Istio,
            ["linkerd"] => SmiMesh.Linkerd,
            ["osm"] => SmiMesh.Osm,
            _ => throw new ArgumentException($"'{name}' is no SMI provider; write smi[:v1alpha1|v1alpha2|v1alpha3][:istio|linkerd|osm], linkerd or osm.", nameof(name)),
        };

        return new(name, mesh, version is null ? Served(mesh) : [version], HasRoutes: version is null && mesh == SmiMesh.Linkerd);
    }

    public ITrafficRouter Router() => HasRoutes ? new LinkerdRouter(this) : new SmiRouter(this);

    /// <summary>Where no mesh is named Istio's, as such Canaries have always had.</summary>
    public IBuiltInChecks Checks() => Mesh switch
    {
        SmiMesh.Linkerd => new LinkerdChecks(Name),
        SmiMesh.Osm => new OsmChecks(Name),
        _ => new IstioChecks(Name),
    };

    public IEnumerable<ISpecRule> Rules() => Mesh == SmiMesh.Linkerd ? [new LinkerdRule(Name)] : [];

    // The adapter for Istio reads the first version and OSM the second: in another one the split would be there and nobody would obey it.
    private static string[] Served(SmiMesh mesh) => mesh switch
    {
        SmiMesh.Istio => [V1Alpha1],
        SmiMesh.Osm => [V1Alpha2],
        _ => AllVersions,
    };
}
