using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Trees;

namespace CanaryFunctions.Simulator.Api.Cel;

/// <summary>An expression that failed on the values it got.</summary>
internal sealed class CelError(string message) : Exception(message);

/// <summary>The variables of one evaluation.</summary>
internal sealed class CelScope(IReadOnlyDictionary<string, JsonNode?> variables)
{
    public JsonNode? Get(string name) => variables.TryGetValue(name, out var value) ? value : throw new CelError($"no such variable: {name}");

    public CelScope With(string name, JsonNode? value)
        => new(new Dictionary<string, JsonNode?>(variables, StringComparer.Ordinal) { [name] = value });

    public static bool AsBool(JsonNode? value) => value.Flag() ?? throw new CelError($"{JsonTree.Text(value)} is not a bool");

    public static string AsText(JsonNode? value) => value.Str() ?? throw new CelError($"{JsonTree.Text(value)} is not a string");

    public static double AsNumber(JsonNode? value) => value.Number() ?? throw new CelError($"{JsonTree.Text(value)} is not a number");

    public static JsonNode? Member(JsonNode? value, string name)
        => value is JsonObject map && map.TryGetPropertyValue(name, out var found) ? found : throw new CelError($"no such key: {name}");

    public static JsonNode? Item(JsonNode? value, JsonNode? index) => value switch
    {
        JsonArray list when index.Int() is { } i && i >= 0 && i < list.Count => list[(int)i],
        JsonObject => Member(value, AsText(index)),
        _ => throw new CelError($"index {JsonTree.Text(index)} is out of bounds"),
    };

    public static long Size(JsonNode? value) => value switch
    {
        JsonArray list => list.Count,
        JsonObject map => map.Count,
        _ => AsText(value).Length,
    };

    public static IEnumerable<JsonNode?> Elements(JsonNode? value) => value switch
    {
        JsonArray list => list,
        JsonObject map => map.Select(p => (JsonNode?)JsonValue.Create(p.Key)),
        _ => throw new CelError($"{JsonTree.Text(value)} is neither a list nor a map"),
    };

    public static bool Contains(JsonNode? collection, JsonNode? item) => Elements(collection).Any(e => JsonTree.Same(e, item));

    public static int Compare(JsonNode? a, JsonNode? b)
        => a.Str() is { } text ? string.CompareOrdinal(text, AsText(b)) : AsNumber(a).CompareTo(AsNumber(b));
}
