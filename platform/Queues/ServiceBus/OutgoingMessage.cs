using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace CanaryFunctions.Platform.Queues.ServiceBus;

/// <summary>A message as it is sent (contracts/azure-keda.md 2.2 and 2.3).</summary>
/// <param name="MessageId">At most 128 characters; what duplicate detection goes by.</param>
/// <param name="Properties">Custom properties: texts and numbers. Texts are ASCII without quotes and backslashes, which come back mangled.</param>
internal sealed record OutgoingMessage(
    string MessageId, string Body, DateTimeOffset? EnqueueAt, TimeSpan? TimeToLive, IReadOnlyDictionary<string, JsonValue> Properties)
{
    /// <summary>The content type of a batch, which must not carry a charset.</summary>
    public const string BatchType = "application/vnd.microsoft.servicebus.json";

    /// <summary>A request with these messages, one or several.</summary>
    public static HttpRequestMessage Request(Uri target, IReadOnlyList<OutgoingMessage> messages)
        => messages.Count == 1 ? messages[0].Alone(target) : Together(target, messages);

    private HttpRequestMessage Alone(Uri target)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, target) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(Body)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation("BrokerProperties", BrokerProperties().ToJsonString());
        foreach (var (name, value) in Properties)
        {
            request.Headers.TryAddWithoutValidation(name, value.ToJsonString());
        }

        return request;
    }

    private static HttpRequestMessage Together(Uri target, IEnumerable<OutgoingMessage> messages)
    {
        var entries = new JsonArray([.. messages.Select(m => m.Entry())]);
        var request = new HttpRequestMessage(HttpMethod.Post, target) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(entries.ToJsonString())) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(BatchType);
        return request;
    }

    private JsonObject Entry()
    {
        var entry = new JsonObject { [nameof(Body)] = Body, ["BrokerProperties"] = BrokerProperties() };
        if (Properties.Count > 0)
        {
            entry["UserProperties"] = new JsonObject(Properties.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)p.Value.DeepClone())));
        }

        return entry;
    }

    // Written by the default encoder, the JSON is ASCII, as a header has to be.
    private JsonObject BrokerProperties()
    {
        var properties = new JsonObject { [nameof(MessageId)] = MessageId };
        if (TimeToLive is { } life)
        {
            properties[nameof(TimeToLive)] = life.TotalSeconds;
        }

        if (EnqueueAt is { } at)
        {
            properties["ScheduledEnqueueTimeUtc"] = at.UtcDateTime.ToString("R");
        }

        return properties;
    }
}
