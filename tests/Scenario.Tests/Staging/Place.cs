using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CanaryFunctions.Scenario.Tests.Staging;

/// <summary>The namespace that a guide is played in. Its host is the namespace's own, so that guides can share a gateway.</summary>
internal sealed partial record Place(string Namespace)
{
    /// <summary>As the guides have it.</summary>
    internal static readonly Place Literal = new("test");

    internal string Host => Namespace == Literal.Namespace ? "app.example.com" : $"{Namespace}.example.com";

    /// <summary>A name, URL or command of the guides, as it is called here.</summary>
    internal string Here(string text) => OwnName().Replace(HostName().Replace(text, Host), Namespace);

    /// <summary>An object of the guides, as it is applied here.</summary>
    internal JsonObject Here(JsonObject obj) => (JsonObject)Moved(obj)!;

    private JsonNode? Moved(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map.Select(field => KeyValuePair.Create(field.Key, Moved(field.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Moved)]),
        JsonValue value when value.TryGetValue<string>(out var text) => JsonValue.Create(Here(text)),
        _ => node?.DeepClone(),
    };

    // The namespace itself, as the end of a Service's name, and as the beginning of an upstream's.
    [GeneratedRegex(@"(?<=^|[a-z]\.)test(?=$|[/:]|-podinfo-)")]
    private static partial Regex OwnName();

    [GeneratedRegex(@"\bapp\.example\.com\b")]
    private static partial Regex HostName();
}
