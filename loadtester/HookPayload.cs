using System.Text.Json;
using CanaryFunctions.Core;

namespace CanaryFunctions.LoadTester;

/// <summary>
/// What a webhook sends (contracts/hooks-alerts.md 1.2, 3.3), read as leniently as Go does: keys in any case, the last of a key
/// counts, unknown fields are ignored, null is absent. <c>run</c>, <c>hook</c> and <c>type</c> are optional additions of ours.
/// </summary>
internal sealed record HookPayload
{
    private static readonly JsonDocumentOptions Lenient = new() { MaxDepth = 64 };

    public string Name { get; private set; } = "";

    public string Namespace { get; private set; } = "";

    public string Run { get; private set; } = "";

    public string Hook { get; private set; } = "";

    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    public CanaryKey Canary => new(Namespace, Name);

    /// <summary>Throws <see cref="JsonException"/> that says what is wrong with the body.</summary>
    public static async Task<HookPayload> ReadAsync(Stream body, CancellationToken ct)
    {
        using var document = await JsonDocument.ParseAsync(body, Lenient, ct);
        var payload = new HookPayload();
        if (document.RootElement.ValueKind == JsonValueKind.Null)
        {
            return payload;
        }

        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException($"The body is a JSON {document.RootElement.ValueKind}; it must be an object.");
        }

        foreach (var field in document.RootElement.EnumerateObject())
        {
            payload.Take(field.Name, field.Value);
        }

        return payload;
    }

    private void Take(string name, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            return;
        }

        switch (name.ToLowerInvariant())
        {
            case "name":
                Name = Text(name, value);
                break;
            case "namespace":
                Namespace = Text(name, value);
                break;
            case "metadata":
                TakeMetadata(name, value);
                break;
            case "run" when value.ValueKind == JsonValueKind.String:
                Run = Text(name, value);
                break;
            case "hook" when value.ValueKind == JsonValueKind.String:
                Hook = Text(name, value);
                break;
            case "phase" or "checksum":
                // Not used here, but a body that types them wrongly is refused like any other such field.
                _ = Text(name, value);
                break;
        }
    }

    private void TakeMetadata(string name, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException($"{name}: '{value}' must be an object of texts.");
        }

        foreach (var entry in value.EnumerateObject())
        {
            Metadata[entry.Name] = entry.Value.ValueKind == JsonValueKind.Null ? "" : Text($"{name}.{entry.Name}", entry.Value);
        }
    }

    private static string Text(string name, JsonElement value) => value.ValueKind == JsonValueKind.String
        ? value.GetString() ?? ""
        : throw new JsonException($"{name}: '{value}' must be a text.");
}
