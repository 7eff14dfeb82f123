using System.Text.Encodings.Web;
using System.Text.Json;

namespace CanaryFunctions.LoadTester;

/// <summary>JSON that people read: command lines keep their quotes and angle brackets.</summary>
internal static class ReadableJson
{
    public static JsonSerializerOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
