using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Platform.Queues.StorageQueue;

/// <summary>
/// A delay that is longer than the service can keep: the message itself then says when it is due, in a field that its reader does not know, and is hidden
/// again when it comes too soon. A Functions host hands it over too soon; the step then does nothing, and the sweep finds it when it is due.
/// </summary>
internal static class LongDelay
{
    private const string Field = "notBefore";

    /// <exception cref="QueueException">The body is no JSON object, which all our messages are.</exception>
    public static string Mark(string body, DateTimeOffset due)
    {
        if (Parse(body) is not JsonObject message)
        {
            throw new QueueException("A message whose delay is longer than the queue can keep must be a JSON object.", isTransient: false);
        }

        message[Field] = due.UtcDateTime.ToString("O");
        return message.ToJsonString();
    }

    /// <summary>When it is due; null when it does not say.</summary>
    public static DateTimeOffset? Read(string body)
        => body.Contains(Field, StringComparison.Ordinal) && Parse(body).Text(Field) is { } text
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var due) ? due : null;

    private static JsonNode? Parse(string body)
    {
        try
        {
            return JsonNode.Parse(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
