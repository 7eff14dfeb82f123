using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Crds;
using CanaryFunctions.Simulator.Api.Trees;

namespace CanaryFunctions.Simulator.Api.Resources;

/// <summary>One kind in one version, as the server offers it.</summary>
internal sealed record ResourceType(string Group, string Version, string Kind, string Plural)
{
    /// <summary>What kubectl may do with an ordinary kind, in the order of discovery.</summary>
    public static readonly IReadOnlyList<string> AllVerbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

    public string Singular { get; init; } = Kind.ToLowerInvariant();

    public string ListKind { get; init; } = Kind + "List";

    public IReadOnlyList<string> ShortNames { get; init; } = [];

    public IReadOnlyList<string> Categories { get; init; } = [];

    public bool Namespaced { get; init; } = true;

    public bool HasStatus { get; init; }

    /// <summary>Where the scale subresource reads and writes; null where there is none.</summary>
    public ScalePaths? Scale { get; init; }

    /// <summary>Counts changes of everything but metadata and status in metadata.generation.</summary>
    public bool HasGeneration { get; init; }

    /// <summary>Further subresources with their verbs, for discovery.</summary>
    public IReadOnlyList<(string Name, string Kind, string Verb)> Extra { get; init; } = [];

    public IReadOnlyList<string> Verbs { get; init; } = AllVerbs;

    /// <summary>The version that the store holds.</summary>
    public string StorageVersion { get; init; } = Version;

    /// <summary>What the definition says about this version; null for built-in kinds.</summary>
    public CustomVersion? Custom { get; init; }

    public Action<JsonObject>? Defaults { get; init; }

    public Func<JsonObject, JsonObject?, IEnumerable<FieldError>>? Validate { get; init; }

    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    public string StorageKey => $"{Group}/{Plural}";

    /// <summary>deployments.apps, pods: how messages name it.</summary>
    public string Qualified => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    public string QualifiedKind => Group.Length == 0 ? Kind : $"{Kind}.{Group}";
}

/// <summary>JSON paths of the scale subresource.</summary>
internal sealed record ScalePaths(string Spec, string Status, string? Selector);
