using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Platform.Hosting;

/// <summary>
/// What the Functions host sends for one invocation (contracts/azure-keda.md 1.4): <c>Data</c> with the trigger's value, <c>Metadata</c> with what the
/// broker says of it. Most values come as JSON inside a JSON string.
/// </summary>
/// <param name="id">The invocation's id: stands in where the broker's is not known.</param>
internal sealed class Invocation(JsonObject envelope, string id)
{
    private readonly JsonObject _metadata = envelope.ObjectAt("Metadata") ?? [];

    /// <summary>The trigger's value. The binding may have any name: there is only one.</summary>
    public JsonNode? Payload { get; } = Decode(envelope.ObjectAt("Data")?.FirstOrDefault().Value);

    /// <summary>The messages of a queue trigger: one, or the host's batch (<c>cardinality: many</c>), whose metadata are lists named <c>…Array</c>.</summary>
    public IReadOnlyList<TriggerMessage> Messages()
        => Payload is JsonArray bodies && ((string[])["MessageIdArray", "DeliveryCountArray", "SequenceNumberArray"]).Any(name => Find(name) is JsonArray)
            ? [.. bodies.Select((body, i) => Message(body, $"{id}-{i}", name => (Find($"{name}Array") as JsonArray)?.ElementAtOrDefault(i)))]
            : [Single()];

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

    private TriggerMessage Single()
    {
        // The host copies the fields of the message over the broker's metadata: what the message says of itself is nothing that the broker said.
        var own = Decode(TextOf(Payload)) as JsonObject;
        return Message(Payload, id, name => own?.Any(p => IsSame(p.Key, name) && p.Value is not JsonArray) == true ? null : Find(name));
    }

    /// <summary>Service Bus has <c>MessageId</c> and <c>DeliveryCount</c>, a Storage queue <c>Id</c> and <c>DequeueCount</c>.</summary>
    private static TriggerMessage Message(JsonNode? body, string standIn, Func<string, JsonNode?> metadata)
    {
        var count = Scalar(metadata("DeliveryCount")) ?? Scalar(metadata("DequeueCount"));
        return new(
            new Delivered<string>(
                TextOf(body),
                Scalar(metadata("MessageId")) ?? Scalar(metadata("Id")) ?? standIn,
                int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var deliveries) ? deliveries : 1),
            Scalar(metadata("SessionId")));
    }

    /// <summary>The text that was put on the queue.</summary>
    private static string TextOf(JsonNode? body)
    {
        var text = body switch
        {
            null => "",
            JsonValue value when value.TryGetValue<string>(out var plain) => plain,
            var node => node.ToJsonString(),
        };

        // A binary binding gives base64. No JSON begins like this, and base64 of an object's {" always does.
        return text.StartsWith("eyJ", StringComparison.Ordinal) ? Encoding.UTF8.GetString(Convert.FromBase64String(text)) : text;
    }

    private static string? Scalar(JsonNode? node) => node is JsonValue value && value.ToString() is { Length: > 0 } text ? text : null;

    private JsonNode? Find(string name) => Decode(_metadata.FirstOrDefault(p => IsSame(p.Key, name)).Value);

    private static bool IsSame(string key, string name) => key.Equals(name, StringComparison.OrdinalIgnoreCase);
}

/// <summary>A message that the Functions host received for us.</summary>
/// <param name="Session">Its session; null without one.</param>
internal sealed record TriggerMessage(Delivered<string> Delivered, string? Session);
