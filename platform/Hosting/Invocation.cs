using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Platform.Hosting;

/// <summary>
/// What the Functions host sends for one invocation (contracts/azure-keda.md 1.4): <c>Data</c> with the trigger's value, <c>Metadata</c> with what the
/// broker says of it. Most values come as JSON inside a JSON string.
/// </summary>
internal sealed class Invocation(JsonObject envelope)
{
    /// <summary>The trigger's value. The binding may have any name: there is only one.</summary>
    public JsonNode? Payload => Decode(envelope.ObjectAt("Data")?.FirstOrDefault().Value);

    /// <summary>The trigger's value as the text that was put on the queue.</summary>
    public string Body => Payload switch
    {
        null => "",
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        var node => node.ToJsonString(),
    };

    /// <summary>Service Bus' <c>MessageId</c>, a Storage queue's <c>Id</c>; empty when there is neither.</summary>
    public string MessageId => Metadata("MessageId") ?? Metadata("Id") ?? "";

    /// <summary>Service Bus' <c>DeliveryCount</c>, a Storage queue's <c>DequeueCount</c>; 1 when there is neither.</summary>
    public int DeliveryCount
        => int.TryParse(Metadata("DeliveryCount") ?? Metadata("DequeueCount"), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 1;

    /// <summary>The decode rule of the contract: JSON text in a string is what it says, other text is itself, and what is no string is as it is.</summary>
    internal static JsonNode? Decode(JsonNode? element)
    {
        if (element.Text() is not { } text)
        {
            return element;
        }

        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return element;
        }
    }

    private string? Metadata(string name)
    {
        var found = envelope.ObjectAt("Metadata")?.FirstOrDefault(p => p.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
        return Decode(found) is JsonValue value ? value.ToString() : null;
    }
}
