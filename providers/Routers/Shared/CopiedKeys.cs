using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Providers.Routers.Shared;

/// <summary>
/// The labels and annotations that a generated object has from elsewhere. It records their names, so that one removed at the source is removed here, and one
/// that somebody put on the object itself is not.
/// </summary>
internal sealed class CopiedKeys
{
    /// <summary>Where the object records them: a JSON object of two lists.</summary>
    public const string Annotation = "flagger.app/copied-metadata";

    private readonly Dictionary<string, List<string>> _keys;

    private CopiedKeys(Dictionary<string, List<string>> keys) => _keys = keys;

    /// <param name="source">An object with <c>metadata</c>.</param>
    /// <param name="except">Annotations that the copy has a value of its own for.</param>
    public static CopiedKeys Of(JsonObject source, IReadOnlyList<string> except) => new(new()
    {
        ["annotations"] = [.. source.Map("metadata", "annotations").Keys.Where(k => !except.Contains(k))],
        ["labels"] = [.. source.Map("metadata", "labels").Keys],
    });

    /// <summary>Makes the copy's labels and annotations follow, and records them.</summary>
    public void Apply(JsonObject source, JsonObject copy)
    {
        var recorded = Recorded(copy);
        foreach (var (section, keys) in _keys)
        {
            var present = copy.ObjectAt("metadata", section);
            foreach (var gone in recorded.ListAt(section).Select(k => k.Text()).OfType<string>().Except(keys, StringComparer.Ordinal))
            {
                present?.Remove(gone);
            }

            foreach (var key in keys)
            {
                copy.Metadata().Section(section)[key] = source.Text("metadata", section, key);
            }
        }

        copy.Metadata().Section("annotations")[Annotation] = Write();
    }

    private string Write() => new JsonObject(_keys.Select(p =>
        KeyValuePair.Create(p.Key, (JsonNode?)new JsonArray([.. p.Value.Select(k => (JsonNode)k)])))).ToJsonString();

    // What cannot be read is not known to be ours to remove.
    private static JsonNode? Recorded(JsonObject copy) => Annotations.Parse(copy.Annotation(Annotation));
}
