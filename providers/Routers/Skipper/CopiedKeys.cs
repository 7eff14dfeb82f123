using System.Text.Json;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Providers.Routers.Skipper;

/// <summary>
/// The labels and annotations that the clone has from the user's Ingress. The clone records their names, so that one removed there is removed here,
/// and one that somebody put on the clone itself is not.
/// </summary>
internal sealed class CopiedKeys
{
    /// <summary>Where the clone records them.</summary>
    public const string Annotation = "flagger.app/copied-metadata";

    private readonly Dictionary<string, List<string>> _keys;

    private CopiedKeys(Dictionary<string, List<string>> keys) => _keys = keys;

    /// <param name="except">Annotations that the clone has a value of its own for.</param>
    public static CopiedKeys Of(JsonObject apex, IReadOnlyList<string> except) => new(new()
    {
        ["annotations"] = [.. apex.Map("metadata", "annotations").Keys.Where(k => !except.Contains(k))],
        ["labels"] = [.. apex.Map("metadata", "labels").Keys],
    });

    /// <summary>Makes the clone's labels and annotations follow, and records them.</summary>
    public void Apply(JsonObject apex, JsonObject clone)
    {
        var recorded = Recorded(clone);
        foreach (var (section, keys) in _keys)
        {
            var present = clone.ObjectAt("metadata", section);
            foreach (var gone in recorded.ListAt(section).Select(k => k.Text()).OfType<string>().Except(keys, StringComparer.Ordinal))
            {
                present?.Remove(gone);
            }

            foreach (var key in keys)
            {
                clone.Metadata().Section(section)[key] = apex.Text("metadata", section, key);
            }
        }

        clone.Metadata().Section("annotations")[Annotation] = Write();
    }

    private string Write() => new JsonObject(_keys.Select(p =>
        KeyValuePair.Create(p.Key, (JsonNode?)new JsonArray([.. p.Value.Select(k => (JsonNode)k)])))).ToJsonString();

    private static JsonNode? Recorded(JsonObject clone)
    {
        try
        {
            return clone.Annotation(Annotation) is { } text ? JsonNode.Parse(text) : null;
        }
        catch (JsonException)
        {
            return null;    // somebody edited it: then nothing is known to be ours to remove
        }
    }
}
