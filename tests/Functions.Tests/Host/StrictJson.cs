using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CanaryFunctions.Functions.Tests.Host;

/// <summary>
/// Reads an object of which every key is known. The real host ignores keys that it does not know, so that a misspelt one does nothing; here it is refused.
/// </summary>
internal sealed class StrictJson
{
    private readonly JsonObject _object;
    private readonly string _path;
    private readonly HashSet<string> _known = [];

    private StrictJson(JsonObject obj, string path) => (_object, _path) = (obj, path);

    internal static StrictJson File(string file)
    {
        try
        {
            return JsonNode.Parse(System.IO.File.ReadAllText(file)) is JsonObject obj
                ? new(obj, Path.GetFileName(file))
                : throw new HostRefusesException($"{file} is no object");
        }
        catch (Exception e) when (e is JsonException or IOException)
        {
            throw new HostRefusesException($"{file}: {e.Message}", e);
        }
    }

    internal bool Has(string key) => _object.ContainsKey(key);

    internal string Text(string key) => Take(key) is JsonValue value && value.TryGetValue<string>(out var text) ? text : throw Wrong(key, "must be a text");

    internal string Text(string key, string fallback) => Has(key) ? Text(key) : Note(key, fallback);

    internal string OneOf(string key, params string[] allowed)
        => Text(key) is var text && allowed.Contains(text) ? text : throw Wrong(key, $"must be one of {string.Join(", ", allowed)}");

    internal bool Flag(string key, bool fallback)
        => !Has(key) ? Note(key, fallback) : Take(key) is JsonValue value && value.TryGetValue<bool>(out var flag) ? flag : throw Wrong(key, "must be true or false");

    internal int Number(string key, int fallback, int min, int max)
        => !Has(key) ? Note(key, fallback)
            : Take(key) is JsonValue value && value.TryGetValue<int>(out var number) && number >= min && number <= max ? number
            : throw Wrong(key, $"must be a number from {min} to {max}");

    internal TimeSpan Time(string key, TimeSpan fallback)
        => !Has(key) ? Note(key, fallback)
            : TimeSpan.TryParseExact(Text(key), "c", CultureInfo.InvariantCulture, out var time) ? time
            : throw Wrong(key, "must be a time as hh:mm:ss");

    internal IReadOnlyList<string> Texts(string key)
        => Take(key) is JsonArray list && list.All(n => n is JsonValue v && v.GetValueKind() == JsonValueKind.String)
            ? [.. list.Select(n => n!.GetValue<string>())]
            : throw Wrong(key, "must be a list of texts");

    internal IReadOnlyList<StrictJson> Objects(string key)
        => Take(key) is JsonArray list && list.All(n => n is JsonObject)
            ? [.. list.Select((n, i) => new StrictJson(n!.AsObject(), $"{_path}.{key}[{i}]"))]
            : throw Wrong(key, "must be a list of objects");

    /// <summary>Of all keys below, the names do not matter, but what they hold.</summary>
    internal StrictJson Section(string key) => Take(key) is JsonObject obj ? new(obj, $"{_path}.{key}") : throw Wrong(key, "must be an object");

    /// <summary>Null where it is left out.</summary>
    internal StrictJson? SectionOrNull(string key) => Has(key) ? Section(key) : Note<StrictJson?>(key, null);

    internal IEnumerable<string> Keys => _object.Select(p => p.Key);

    /// <summary>After everything was read that the host knows.</summary>
    internal void End()
    {
        if (Keys.Except(_known).ToList() is { Count: > 0 } unknown)
        {
            throw new HostRefusesException($"{_path} has keys that the host does not know: {string.Join(", ", unknown)}");
        }
    }

    internal HostRefusesException Wrong(string key, string problem) => new($"{_path}.{key}: '{_object[key]?.ToJsonString() ?? "(nothing)"}' {problem}");

    private JsonNode? Take(string key) => _known.Add(key) | _object.TryGetPropertyValue(key, out var value) ? value : null;

    private T Note<T>(string key, T fallback)
    {
        _known.Add(key);
        return fallback;
    }
}
