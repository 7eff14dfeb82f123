using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Platform.Queues.Rest;

namespace CanaryFunctions.Platform.Queues.ServiceBus;

/// <summary>Turns our messages into the service's, and back.</summary>
internal sealed class MessageFormat(ServiceBusOptions options, ServerClock clock, TimeProvider time)
{
    public const string ReasonProperty = "canary-reason";

    private const string IdProperty = "canary-id";
    private const string DeliveriesProperty = "canary-deliveries";
    private const string NotBeforeProperty = "canary-not-before";
    private const int LongestId = 128;
    private const int LongestReason = 1000;

    // Two clocks never quite agree, and a step that comes a moment early is not taken.
    private static readonly TimeSpan Margin = TimeSpan.FromMilliseconds(250);

    public OutgoingMessage Sent(QueueMessage message) => Make(message, "", 0);

    /// <summary>The same message once more, which remembers how often it was delivered.</summary>
    public OutgoingMessage Again(QueueMessage message, int deliveries, TimeSpan delay)
        => Make(message with { NotBefore = time.GetUtcNow() + delay }, string.Create(CultureInfo.InvariantCulture, $"!{deliveries}"), deliveries);

    /// <summary>For the poison queue, where it waits for a person for as long as the queue keeps it.</summary>
    public OutgoingMessage Poisoned(QueueMessage message, int deliveries, string reason)
    {
        var poisoned = Make(message with { NotBefore = null }, "!poison", deliveries);
        var properties = poisoned.Properties.ToDictionary();
        properties[ReasonProperty] = JsonValue.Create(Plain(reason));
        return poisoned with { TimeToLive = null, Properties = properties };
    }

    /// <summary>The message of an answer to peek-lock.</summary>
    /// <exception cref="QueueException">The answer is not one of Service Bus.</exception>
    public ReceivedMessage Received(string queue, QueueAnswer answer)
    {
        JsonNode? broker;
        try
        {
            broker = JsonNode.Parse(answer.Header("BrokerProperties"));
        }
        catch (JsonException e)
        {
            throw new QueueException($"{answer.Asked}: the answer has no BrokerProperties that can be read.", isTransient: true, answer.Status, inner: e);
        }

        if (broker.Text("MessageId") is not { } messageId || answer.Headers.Location is not { } location)
        {
            throw new QueueException($"{answer.Asked}: the answer lacks a MessageId or a Location.", isTransient: true, answer.Status);
        }

        var id = Property(answer, IdProperty) is { } given ? Uri.UnescapeDataString(given) : messageId;
        var before = int.TryParse(Property(answer, DeliveriesProperty), NumberStyles.None, CultureInfo.InvariantCulture, out var deliveries) ? deliveries : 0;
        DateTimeOffset? due = DateTimeOffset.TryParse(Property(answer, NotBeforeProperty), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;
        return new ReceivedMessage(
            new QueueMessage(queue, id, Encoding.UTF8.GetString(answer.Body), due),
            before + (broker.Integer("DeliveryCount") ?? 1),
            new Uri(options.Endpoint, location.IsAbsoluteUri ? location.PathAndQuery : location.OriginalString),
            LockOf(broker, answer));
    }

    private static string? Property(QueueAnswer answer, string name) => answer.Header(name) is { Length: > 0 } text ? text.Trim('"') : null;

    private static JsonValue Quoted(string text) => JsonValue.Create(text)!;

    /// <summary>By the service's clock at both ends, so that ours does not count.</summary>
    private TimeSpan LockOf(JsonNode? broker, QueueAnswer answer)
    {
        var parsed = DateTimeOffset.TryParse(broker.Text("LockedUntilUtc"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var until);
        var length = parsed ? until - (answer.Headers.Date ?? clock.Now) : TimeSpan.Zero;
        return length > TimeSpan.FromSeconds(1) ? length : TimeSpan.FromSeconds(1);
    }

    private OutgoingMessage Make(QueueMessage message, string suffix, int deliveries)
    {
        var properties = new Dictionary<string, JsonValue>(StringComparer.Ordinal);
        var messageId = IdFor(message.Id + suffix);
        if (messageId != message.Id)
        {
            properties[IdProperty] = Quoted(Uri.EscapeDataString(message.Id));
        }

        if (deliveries > 0)
        {
            properties[DeliveriesProperty] = JsonValue.Create(deliveries);
        }

        var wait = message.NotBefore - time.GetUtcNow();
        if (wait > TimeSpan.Zero)
        {
            properties[NotBeforeProperty] = Quoted(message.NotBefore!.Value.UtcDateTime.ToString("O"));
        }

        return new OutgoingMessage(messageId, message.Body, wait > TimeSpan.Zero ? WholeSecond(clock.Now + wait.Value + Margin) : null, options.TimeToLive, properties);
    }

    /// <summary>The header has whole seconds, and early is worse than late.</summary>
    private static DateTimeOffset WholeSecond(DateTimeOffset at)
        => new((at.UtcTicks + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, TimeSpan.Zero);

    /// <summary>Ids that are too long, or not plain, are known by their digest.</summary>
    private static string IdFor(string id) => id.Length <= LongestId && id.All(c => c is > ' ' and < '\x7f') ? id
        : $"sha256-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)))}";

    private static string Plain(string text)
    {
        // What JSON would escape comes back escaped.
        var safe = text.Select(c => c is >= ' ' and < '\x7f' && !"\"\\'<>&+`".Contains(c) ? c : ' ');
        return string.Concat(safe.Take(LongestReason)).Trim();
    }
}

/// <summary>A message that was peeked and locked.</summary>
/// <param name="Deliveries">Of this copy and of those before it.</param>
/// <param name="Lock">Where it is settled.</param>
/// <param name="LockedFor">From when it was answered.</param>
internal sealed record ReceivedMessage(QueueMessage Message, int Deliveries, Uri Lock, TimeSpan LockedFor);
