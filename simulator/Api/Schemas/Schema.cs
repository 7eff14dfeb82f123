using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CanaryFunctions.Simulator.Api.Trees;

namespace CanaryFunctions.Simulator.Api.Schemas;

/// <summary>An OpenAPI v3 schema of a CustomResourceDefinition, read once.</summary>
internal sealed record Schema
{
    public string? Type { get; init; }

    public string? Format { get; init; }

    public bool Nullable { get; init; }

    public bool PreserveUnknown { get; init; }

    public bool IntOrString { get; init; }

    public bool EmbeddedResource { get; init; }

    public IReadOnlyDictionary<string, Schema> Properties { get; init; } = new Dictionary<string, Schema>(StringComparer.Ordinal);

    public Schema? AdditionalProperties { get; init; }

    public bool AllowsAdditional { get; init; }

    public Schema? Items { get; init; }

    public IReadOnlyList<string> Required { get; init; } = [];

    public JsonArray? Enum { get; init; }

    public string? PatternText { get; init; }

    public Regex? Pattern { get; init; }

    public double? Minimum { get; init; }

    public double? Maximum { get; init; }

    public bool ExclusiveMinimum { get; init; }

    public bool ExclusiveMaximum { get; init; }

    public long? MinLength { get; init; }

    public long? MaxLength { get; init; }

    public long? MinItems { get; init; }

    public long? MaxItems { get; init; }

    public IReadOnlyList<Schema> OneOf { get; init; } = [];

    public IReadOnlyList<Schema> AnyOf { get; init; } = [];

    public IReadOnlyList<Schema> AllOf { get; init; } = [];

    public Schema? Not { get; init; }

    public JsonNode? Default { get; init; }

    public string? ListType { get; init; }

    public IReadOnlyList<string> ListKeys { get; init; } = [];

    public string? MapType { get; init; }

    /// <summary>A schema that allows everything, for definitions without one.</summary>
    public static Schema Anything { get; } = new() { Type = "object", PreserveUnknown = true };

    public bool HasProperty(string name) => Properties.ContainsKey(name) || AdditionalProperties is not null || AllowsAdditional;

    public Schema? Property(string name) => Properties.GetValueOrDefault(name) ?? AdditionalProperties;

    /// <summary>Throws <see cref="FormatException"/> when a pattern is not a regular expression.</summary>
    public static Schema From(JsonObject raw) => new()
    {
        Type = raw.Str("type"),
        Format = raw.Str("format"),
        Nullable = raw.Flag("nullable") == true,
        PreserveUnknown = raw.Flag("x-kubernetes-preserve-unknown-fields") == true,
        IntOrString = raw.Flag("x-kubernetes-int-or-string") == true,
        EmbeddedResource = raw.Flag("x-kubernetes-embedded-resource") == true,
        Properties = (raw.Obj("properties") ?? []).Where(p => p.Value is JsonObject)
            .ToDictionary(p => p.Key, p => From((JsonObject)p.Value!), StringComparer.Ordinal),
        AdditionalProperties = raw.Obj("additionalProperties") is { } more ? From(more) : null,
        AllowsAdditional = raw.Flag("additionalProperties") == true,
        Items = raw.Obj("items") is { } items ? From(items) : null,
        Required = [.. raw.Arr("required").Strings()],
        Enum = raw.Arr("enum"),
        PatternText = raw.Str("pattern"),
        Pattern = Compile(raw.Str("pattern")),
        Minimum = raw["minimum"].Number(),
        Maximum = raw["maximum"].Number(),
        ExclusiveMinimum = raw.Flag("exclusiveMinimum") == true,
        ExclusiveMaximum = raw.Flag("exclusiveMaximum") == true,
        MinLength = raw.Int("minLength"),
        MaxLength = raw.Int("maxLength"),
        MinItems = raw.Int("minItems"),
        MaxItems = raw.Int("maxItems"),
        OneOf = Many(raw, "oneOf"),
        AnyOf = Many(raw, "anyOf"),
        AllOf = Many(raw, "allOf"),
        Not = raw.Obj("not") is { } not ? From(not) : null,
        Default = raw["default"],
        ListType = raw.Str("x-kubernetes-list-type"),
        ListKeys = [.. raw.Arr("x-kubernetes-list-map-keys").Strings()],
        MapType = raw.Str("x-kubernetes-map-type"),
    };

    private static List<Schema> Many(JsonObject raw, string key) => [.. raw.Arr(key).Objects().Select(From)];

    private static Regex? Compile(string? pattern)
    {
        if (pattern is null)
        {
            return null;
        }

        try
        {
            // Kubernetes' patterns are RE2: linear time, no back-references. So is this option, where the pattern allows it.
            return new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
        }
        catch (NotSupportedException)
        {
            return new Regex(pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        }
        catch (ArgumentException e)
        {
            throw new FormatException($"pattern \"{pattern}\" is not a regular expression: {e.Message}", e);
        }
    }
}
