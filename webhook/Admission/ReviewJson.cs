using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;

namespace CanaryFunctions.Webhook.Admission;

/// <summary>Parses what claims to be a review: text that is UTF-8, JSON without a key twice, and not nested without end.</summary>
internal static class ReviewJson
{
    /// <summary>Deepest nesting that is read.</summary>
    public const int MaxDepth = 128;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    /// <summary>Null, or what is wrong with the bytes.</summary>
    public static string? TryParse(ReadOnlySpan<byte> body, out JsonNode? review)
    {
        review = null;
        if (!Utf8.IsValid(body))
        {
            return "the body is not UTF-8";
        }

        try
        {
            if (HasLoneSurrogate(body))
            {
                return "the body holds text that is not Unicode";
            }

            review = JsonNode.Parse(body, documentOptions: Strict);
            return null;
        }
        catch (JsonException e)
        {
            return e.LineNumber is { } line
                ? $"the body is not JSON (line {line + 1}, byte {e.BytePositionInLine + 1})"
                : "the body is not JSON: an object has a key twice";
        }
    }

    // Half of a surrogate pair, escaped, passes as UTF-8 and as JSON and fails only when the text is read.
    private static bool HasLoneSurrogate(ReadOnlySpan<byte> body)
    {
        if (body.IndexOf("\\ud"u8) < 0 && body.IndexOf("\\uD"u8) < 0)
        {
            return false;
        }

        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
                {
                    _ = reader.GetString();
                }
            }

            return false;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }
}
