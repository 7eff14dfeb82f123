using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CanaryFunctions.Core.Engine;

/// <summary>
/// Names a pod template by its content: SHA-256 over canonical JSON (keys sorted, nulls and empty collections left out), cut to 16 hex digits, with a prefix of
/// our own, so that a hash that another controller wrote is recognised and never taken for a change.
/// </summary>
public static class TemplateHash
{
    private const string Prefix = "cf1-";

    public static string Of(JsonNode? template)
    {
        var text = new StringBuilder();
        Write(text, template);
        return Prefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 8));
    }

    /// <summary>Whether the hash is one of ours.</summary>
    public static bool IsOurs(string? hash) => hash is not null && hash.StartsWith(Prefix, StringComparison.Ordinal);

    private static void Write(StringBuilder text, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject obj:
                text.Append('{');
                foreach (var (key, value) in obj.Where(p => !IsEmpty(p.Value)).OrderBy(p => p.Key, StringComparer.Ordinal))
                {
                    text.Append('"').Append(JsonEncodedText.Encode(key)).Append("\":");
                    Write(text, value);
                    text.Append(',');
                }

                text.Append('}');
                break;
            case JsonArray array:
                text.Append('[');
                foreach (var item in array)
                {
                    Write(text, item);
                    text.Append(',');
                }

                text.Append(']');
                break;
            default:
                text.Append(node?.ToJsonString() ?? "null");
                break;
        }
    }

    // To Kubernetes an absent field, null and an empty collection are the same.
    private static bool IsEmpty(JsonNode? node) => node switch
    {
        null => true,
        JsonObject obj => obj.All(p => IsEmpty(p.Value)),
        JsonArray array => array.Count == 0,
        _ => false,
    };
}
