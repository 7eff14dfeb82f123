using CanaryFunctions.Platform.Queues.Rest;

namespace CanaryFunctions.Platform.Queues.ServiceBus;

/// <summary>The operations of a Service Bus namespace over REST (contracts/azure-keda.md 2.1).</summary>
internal sealed class ServiceBusClient(ServiceBusOptions options, QueueHttp http, MessageFormat format)
{
    private const string Version = "api-version=2015-01";

    /// <summary>Sends one message, or several in one go: all are taken, or none.</summary>
    /// <param name="make">Makes the messages anew for each attempt: a refusal tells the service's clock, by which they are scheduled.</param>
    /// <exception cref="QueueException">Refused, or no answer: then they may have been sent.</exception>
    public async Task SendAsync(string queue, Func<IReadOnlyList<OutgoingMessage>> make, CancellationToken ct)
    {
        var target = new Uri(options.Endpoint, $"/{queue}/messages?{Version}");
        var repeat = options.DuplicateDetection ? Repeat.Freely : Repeat.IfNothingWasDone;
        var answer = await http.SendAsync(() => OutgoingMessage.Request(target, make()), repeat, ct);
        if (!answer.IsSuccess)
        {
            throw Error(answer, queue);
        }
    }

    /// <summary>Locks the next message; null when none came while the service waited.</summary>
    /// <exception cref="QueueException">Refused, or no answer.</exception>
    public async Task<ReceivedMessage?> PeekLockAsync(string queue, CancellationToken ct)
    {
        var target = new Uri(options.Endpoint, $"/{queue}/messages/head?timeout={(int)options.ReceiveWait.TotalSeconds}&{Version}");
        var answer = await http.SendAsync(() => new HttpRequestMessage(HttpMethod.Post, target), Repeat.Never, ct, options.ReceiveWait);
        return answer.Status switch
        {
            201 => format.Received(queue, answer),
            204 => null,
            _ => throw Error(answer, queue),
        };
    }

    public Task<bool> CompleteAsync(ReceivedMessage message, CancellationToken ct) => SettleAsync(HttpMethod.Delete, message, ct);

    public Task<bool> AbandonAsync(ReceivedMessage message, CancellationToken ct) => SettleAsync(HttpMethod.Put, message, ct);

    public Task<bool> RenewAsync(ReceivedMessage message, CancellationToken ct) => SettleAsync(HttpMethod.Post, message, ct);

    /// <summary>False when the lock is no longer ours.</summary>
    private async Task<bool> SettleAsync(HttpMethod method, ReceivedMessage message, CancellationToken ct)
    {
        var answer = await http.SendAsync(() => new HttpRequestMessage(method, message.Lock) { Content = Empty(method) }, Repeat.Freely, ct);
        return answer.IsSuccess || (answer.Status is 404 or 410 ? false : throw Error(answer, message.Message.Queue));
    }

    // PUT and POST have to say that there is nothing in them.
    private static ByteArrayContent? Empty(HttpMethod method) => method == HttpMethod.Delete ? null : new ByteArrayContent([]);

    private static QueueException Error(QueueAnswer answer, string queue) => answer.Status is 404 or 410
        ? new QueueException($"{answer.Asked}: the Service Bus namespace has no queue '{queue}'; create it with duplicate detection.", isTransient: false, answer.Status)
        : answer.Error(QueueHttp.IsTransient(answer));
}
