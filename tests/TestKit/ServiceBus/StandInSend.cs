using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace CanaryFunctions.TestKit.ServiceBus;

/// <summary>Reads what is sent, as strictly as the documentation says it.</summary>
internal static partial class StandInSend
{
    public const string BatchType = "application/vnd.microsoft.servicebus.json";

    private const int LargestMessage = 256 * 1024;
    private const int LongestName = 128;

    private static readonly HashSet<string> Standard = new(StringComparer.OrdinalIgnoreCase)
    {
        "Accept", "Accept-Encoding", "Accept-Language", "Authorization", "BrokerProperties", "Connection", "Content-Encoding", "Content-Length", "Content-Type", "Date",
        "Expect", "Host", "Request-Id", "traceparent", "tracestate", "Transfer-Encoding", "User-Agent", "Via", "x-ms-retrypolicy",
    };

    /// <summary>The messages.</summary>
    /// <exception cref="StandInRefusal">Something that the service refuses.</exception>
    public static IReadOnlyList<StandInMessage> Read(HttpRequest request, byte[] body, DateTimeOffset now)
    {
        if (body.Length + request.Headers.Sum(h => h.Key.Length + h.Value.ToString().Length) > LargestMessage)
        {
            throw new StandInRefusal(403, "The received message or batch exceeds the maximum size of 262144 bytes.");
        }

        var type = request.ContentType ?? "";
        if (!type.StartsWith(BatchType, StringComparison.OrdinalIgnoreCase))
        {
            var custom = request.Headers.Where(h => !Standard.Contains(h.Key)).ToDictionary(h => h.Key.ToLowerInvariant(), h => PropertyOf(h.Key, h.Value.ToString()));
            return [Message(Parse(request.Headers["BrokerProperties"].ToString()), body, type, custom)];
        }

        if (!type.Equals(BatchType, StringComparison.OrdinalIgnoreCase))
        {
            throw new StandInRefusal(400, $"The content type of a batch must be exactly {BatchType}.");
        }

        var entries = Json(Encoding.UTF8.GetString(body)) as JsonArray;
        return entries is { Count: > 0 } ? [.. entries.Select(Entry)] : throw new StandInRefusal(400, "A batch must be a JSON array with entries.");
    }

    private static StandInMessage Entry(JsonNode? node)
    {
        if (node is not JsonObject entry || entry["Body"] is not JsonValue text || text.GetValueKind() != JsonValueKind.String)
        {
            throw new StandInRefusal(400, "An entry of a batch must have a Body that is a string.");
        }

        var broker = entry["BrokerProperties"] is null or JsonObject ? entry["BrokerProperties"] as JsonObject : throw new StandInRefusal(400, "BrokerProperties must be an object.");
        var properties = (entry["UserProperties"] as JsonObject)?.ToDictionary(p => p.Key.ToLowerInvariant(), p => p.Value is JsonValue value
            ? value.ToJsonString(Plainly)
            : throw new StandInRefusal(400, $"The user property {p.Key} is no text, number or boolean."));
        return Message(broker ?? [], Encoding.UTF8.GetBytes(text.GetValue<string>()), "", properties ?? []);
    }

    private static JsonSerializerOptions Plainly { get; } = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static JsonObject Parse(string header)
        => header.Length == 0 ? []
            : header.All(char.IsAscii) && Json(header) is JsonObject broker ? broker
            : throw new StandInRefusal(400, "The value of the HTTP header 'BrokerProperties' is invalid.");

    private static JsonNode? Json(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            throw new StandInRefusal(400, "The JSON cannot be read.");
        }
    }

    // An unquoted word was refused by the real one, and says nothing of its type.
    private static string PropertyOf(string name, string value) => HeaderValue().IsMatch(value)
        ? value
        : throw new StandInRefusal(400, $"The value '{value}' of the HTTP header '{name}' is invalid.");

    private static StandInMessage Message(JsonObject broker, byte[] body, string contentType, Dictionary<string, string> properties)
    {
        foreach (var name in (string[])["MessageId", "SessionId", "PartitionKey", "Label", "CorrelationId", "To", "ReplyTo"])
        {
            if (broker[name] is { } value && (value.GetValueKind() != JsonValueKind.String || (name is "MessageId" or "SessionId" or "PartitionKey" && value.GetValue<string>().Length > LongestName)))
            {
                throw new StandInRefusal(400, $"The value of {name} is invalid.");
            }
        }

        if (broker["SessionId"] is { } session && broker["PartitionKey"] is { } partition && session.GetValue<string>() != partition.GetValue<string>())
        {
            throw new StandInRefusal(400, "SessionId and PartitionKey must be the same.");
        }

        // The service makes an id where the sender gives none; nobody can look for it.
        var id = broker["MessageId"]?.GetValue<string>() is { Length: > 0 } given ? given : throw new StandInRefusal(400, "This stand-in wants a MessageId: retries need one.");
        return new StandInMessage(id, body, contentType, properties) { Broker = broker, ScheduledFor = Scheduled(broker), TimeToLive = Life(broker) };
    }

    private static DateTimeOffset? Scheduled(JsonObject broker)
        => broker["ScheduledEnqueueTimeUtc"] is not { } at ? null
            : at.GetValueKind() == JsonValueKind.String && DateTimeOffset.TryParseExact(at.GetValue<string>(), "R", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var parsed) ? parsed
            : throw new StandInRefusal(400, $"ScheduledEnqueueTimeUtc '{at}' is no RFC 1123 date.");

    private static TimeSpan Life(JsonObject broker)
        => broker["TimeToLive"] is not { } life ? TimeSpan.MaxValue
            : life.GetValueKind() == JsonValueKind.Number && life.GetValue<double>() is > 0 and < 922337203685 ? TimeSpan.FromSeconds(life.GetValue<double>())
            : throw new StandInRefusal(400, $"TimeToLive '{life}' is invalid.");

    [GeneratedRegex("""^("[^"\\]*"|-?\d+(\.\d+)?|true|false)$""", RegexOptions.IgnoreCase)]
    private static partial Regex HeaderValue();
}

/// <summary>The service says no.</summary>
internal sealed class StandInRefusal(int status, string detail) : Exception(detail)
{
    public int Status => status;
}
