using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Admission;

/// <summary>Values as problems show them: short, on one line, without secrets.</summary>
internal static class ShownValue
{
    private const int MaxLength = 80;

    // The default depth of 64 would make an exception of a value that is nested deeper.
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 1000 };

    /// <summary>As JSON, which tells "80" from 80.</summary>
    public static string Json(JsonNode? value) => value?.ToJsonString(Readable) ?? "null";

    /// <summary>Strings and numbers as they are; empty for nothing.</summary>
    public static string Text(JsonNode? value) => value switch
    {
        null => "",
        JsonValue when value.Text() is { } text => text,
        JsonValue when value.Number() is { } number => number.ToString("R", CultureInfo.InvariantCulture),
        _ => Json(value),
    };

    /// <summary>A URL up to its host: what stands behind it, or before an '@', may be a key.</summary>
    public static string WithoutSecrets(string url)
    {
        var start = url.IndexOf("://", StringComparison.Ordinal) is var scheme and >= 0 ? scheme + 3 : 0;
        var end = url.AsSpan(start).IndexOfAny('/', '?', '#') is var cut and >= 0 ? start + cut : url.Length;
        var host = url[start..end];
        host = host.LastIndexOf('@') is var at and >= 0 ? $"…{host[at..]}" : host;
        return $"{url[..start]}{host}{(end < url.Length ? "/…" : "")}";
    }

    public static string Shorten(string value)
    {
        var shown = value.Length <= MaxLength ? value : $"{value[..MaxLength]}…";
        return string.Concat(shown.Select(c => char.IsControl(c) ? ' ' : c));
    }
}
