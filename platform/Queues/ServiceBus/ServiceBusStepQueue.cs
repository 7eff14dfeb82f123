using System.Collections.Concurrent;
using System.Text;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Platform.Queues.Rest;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Platform.Queues.ServiceBus;

/// <summary>
/// Queues of a Service Bus namespace over REST. They have to exist, each with its <see cref="PoisonQueue"/>. Without a Functions host this process receives
/// as well.
/// </summary>
public sealed class ServiceBusStepQueue : IStepQueue, IQueueReceiver, IDisposable
{
    // A long poll that is answered too soon must not turn into a loop.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestHold = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, SendBuffer> _buffers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ReceiveLoop> _loops = new(StringComparer.Ordinal);
    private readonly ServiceBusOptions _options;
    private readonly QueueHttp _http;
    private readonly MessageFormat _format;
    private readonly ServiceBusClient _client;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    internal ServiceBusStepQueue(ServiceBusOptions options, Func<ServerClock, IRequestSigner> signer, TimeProvider time, ILogger<ServiceBusStepQueue> logger)
    {
        var clock = new ServerClock(time);
        (_options, _time, _logger) = (options, time, logger);
        _http = new QueueHttp(signer(clock), clock, options.Http, time);
        _format = new MessageFormat(options, clock, time);
        _client = new ServiceBusClient(options, _http, _format);
    }

    /// <inheritdoc/>
    /// <remarks>Delays are whole seconds, rounded up. Duplicates are dropped where the queue detects them.</remarks>
    /// <exception cref="QueueException">Refused, or no answer: then it may have been sent.</exception>
    public Task EnqueueAsync(QueueMessage message, CancellationToken ct)
    {
        var size = Encoding.UTF8.GetByteCount(message.Body);
        return size <= _options.MaxBodyBytes
            ? _buffers.GetOrAdd(message.Queue, queue => new SendBuffer(messages => SendAsync(queue, messages))).AddAsync(message, ct)
            : throw new QueueException($"Message '{message.Id}' for {message.Queue} has {size} bytes; at most {_options.MaxBodyBytes} are allowed.", isTransient: false);
    }

    /// <inheritdoc/>
    public Task<IMessageLease> ReceiveAsync(string queue, CancellationToken ct)
        => _loops.GetOrAdd(queue, name => new ReceiveLoop(name, Pause, Pause, _time, _logger)).NextAsync(token => LockNextAsync(queue, token), ct);

    public void Dispose() => _http.Dispose();

    // Everyone in the batch waits for it, so no one's token ends it; the attempts are bounded.
    private Task SendAsync(string queue, IReadOnlyList<QueueMessage> messages)
        => _client.SendAsync(queue, () => [.. messages.Select(_format.Sent)], CancellationToken.None);

    private async Task<IMessageLease?> LockNextAsync(string queue, CancellationToken ct)
    {
        if (await _client.PeekLockAsync(queue, ct) is not { } received)
        {
            return null;
        }

        var terms = new LeaseTerms(queue, received.LockedFor, _options.RenewFor, _options.MaxDeliveries, _time, _logger);
        var lease = new ServiceBusLease(_client, _format, received, terms);
        if (received.Deliveries > _options.MaxDeliveries)
        {
            // Whoever had it before did not live to say so.
            await lease.BuryAtOnceAsync("not settled in time");
            return null;
        }

        await HoldUntilDueAsync(lease, ct);
        return lease;
    }

    /// <summary>The service's clock may be ahead; a message that comes a moment early is kept for that moment.</summary>
    private async Task HoldUntilDueAsync(ServiceBusLease lease, CancellationToken ct)
    {
        var given = _time.GetUtcNow();
        try
        {
            // A timer may end a moment early by the clock, and a step that comes early is dropped.
            while (lease.Message.NotBefore - _time.GetUtcNow() is { } early && early > TimeSpan.Zero && _time.GetUtcNow() - given < LongestHold)
            {
                await Task.Delay(early < LongestHold ? early + TimeSpan.FromMilliseconds(1) : LongestHold, _time, ct);
            }
        }
        catch (OperationCanceledException)
        {
            await lease.ReturnAsync(TimeSpan.Zero);
            throw;
        }
    }
}
