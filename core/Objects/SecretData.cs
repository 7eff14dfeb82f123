using System.Text;
using System.Text.Json.Nodes;

namespace CanaryFunctions.Core.Objects;

/// <summary>The values of a Secret, decoded.</summary>
public static class SecretData
{
    /// <summary><c>data</c> is base64; a value that is not, or is no UTF-8 text, is left out. Surrounding white space goes: a trailing newline is no part of a token.</summary>
    public static IReadOnlyDictionary<string, string> Of(JsonObject secret)
    {
        var values = new Dictionary<string, string>();
        foreach (var (key, encoded) in secret.Map("data"))
        {
            var bytes = new byte[encoded.Length];
            if (Convert.TryFromBase64String(encoded, bytes, out var length))
            {
                values[key] = Encoding.UTF8.GetString(bytes, 0, length).Trim();
            }
        }

        return values;
    }
}
