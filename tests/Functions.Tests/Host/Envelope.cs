using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CanaryFunctions.Functions.Tests.Host;

/// <summary>Builds invocations as the Functions host does (contracts/azure-keda.md 1.4 to 1.7).</summary>
internal static partial class Envelope
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static JsonObject Of(FunctionFile function, HostMessage message, DateTimeOffset now)
    {
        var metadata = new Dictionary<string, JsonNode?>(StringComparer.OrdinalIgnoreCase);
        if (function.Kind == TriggerKind.ServiceBus)
        {
            metadata["DeliveryCount"] = Encode(message.DeliveryCount);
            metadata["MessageId"] = Encode(message.Id);
            metadata["SequenceNumber"] = Encode(message.SequenceNumber);
            metadata["LockToken"] = Encode(message.LockToken);
            metadata["EnqueuedTimeUtc"] = Encode(message.EnqueuedAt.UtcDateTime);
            metadata["EnqueuedTime"] = Encode(message.EnqueuedAt);
            metadata["ContentType"] = Encode("application/json");
            metadata["ApplicationProperties"] = new JsonObject();
            metadata["MessageReceiver"] = new JsonObject { ["IsClosed"] = false };
        }
        else
        {
            metadata["DequeueCount"] = Encode(message.DeliveryCount);
            metadata["Id"] = Encode(message.Id);
            metadata["PopReceipt"] = Encode(message.LockToken);
            metadata["InsertionTime"] = Encode(message.EnqueuedAt);
            metadata["NextVisibleTime"] = Encode(now.AddMinutes(10));
        }

        CopyPayload(message.Body, metadata);
        return Wrap(function, Encode(message.Body), metadata, now);
    }

    internal static JsonObject OfTimer(FunctionFile function, DateTimeOffset now) => Wrap(
        function, new JsonObject { ["Schedule"] = new JsonObject { ["AdjustForDST"] = true }, ["ScheduleStatus"] = null, ["IsPastDue"] = false }, [], now);

    /// <summary>An object is itself and a date is cut to whole seconds; everything else is a JSON string that contains JSON.</summary>
    internal static JsonNode? Encode(object? value) => value switch
    {
        null => null,
        JsonObject obj => obj.DeepClone(),
        byte[] bytes => Convert.ToBase64String(bytes),
        DateTime at => at.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture),
        DateTimeOffset at => at.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture),
        JsonNode node => node.ToJsonString(Relaxed),
        _ => JsonSerializer.Serialize(value, Relaxed),
    };

    // What the payload says of itself replaces what the broker said of it.
    private static void CopyPayload(string body, Dictionary<string, JsonNode?> metadata)
    {
        JsonObject? payload = null;
        try
        {
            payload = JsonNode.Parse(body) as JsonObject;
        }
        catch (JsonException)
        {
            // Text.
        }

        foreach (var (key, value) in payload ?? [])
        {
            if (value is not JsonArray)
            {
                metadata[key] = value is JsonValue v && v.TryGetValue<string>(out var text) && IsoDate().IsMatch(text)
                    ? Encode(DateTimeOffset.Parse(text, CultureInfo.InvariantCulture).UtcDateTime)
                    : Encode(value);
            }
        }
    }

    private static JsonObject Wrap(FunctionFile function, JsonNode? data, Dictionary<string, JsonNode?> metadata, DateTimeOffset now)
    {
        metadata["sys"] = new JsonObject
        {
            ["MethodName"] = function.Name,
            ["UtcNow"] = now.UtcDateTime.ToString("O"),
            ["RandGuid"] = "6d0f1c0f-7f0e-4b42-9d53-0a6b7a9a1c55",
        };
        var kept = metadata.Where(p => p.Value is not null && !p.Key.EndsWith("trigger", StringComparison.OrdinalIgnoreCase));
        return new JsonObject { ["Data"] = new JsonObject { [function.Binding] = data }, ["Metadata"] = new JsonObject(kept) };
    }

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}")]
    private static partial Regex IsoDate();
}

/// <summary>A message that the host received.</summary>
internal sealed record HostMessage(string Body, string Id, int DeliveryCount, long SequenceNumber, DateTimeOffset EnqueuedAt, string LockToken);
