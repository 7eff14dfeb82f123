using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CanaryFunctions.Cluster.Tests.Conformance;

/// <summary>What a server answered.</summary>
internal sealed record Answer(int Code, string ContentType, string Text)
{
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 256 };

    internal JsonObject Json => JsonNode.Parse(Text, null, Deep) as JsonObject ?? throw new InvalidOperationException($"not an object: {Text}");

    /// <summary>A field by its path, such as <c>metadata/labels/app</c> or <c>items/0/kind</c>; null where there is none.</summary>
    internal static JsonNode? Field(JsonNode? node, string path)
    {
        foreach (var part in path.Split('/'))
        {
            node = node switch
            {
                JsonObject map => map[part],
                JsonArray list when int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < list.Count => list[index],
                _ => null,
            };
        }

        return node;
    }
}
