using System.Collections.Concurrent;
using System.Text;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Platform.Queues.Rest;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Platform.Queues.StorageQueue;

/// <summary>
/// Queues of a Storage account over REST, made when they are missing. Bodies are base64, as the Functions trigger reads them. The service detects no
/// duplicates and keeps no ids of ours: a received message's id is the service's.
/// </summary>
public sealed class StorageStepQueue : IStepQueue, IQueueReceiver, IDisposable
{
    /// <summary>48 KiB: 64 KiB once encoded.</summary>
    public const int MaxBodyBytes = 48 * 1024;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<string, Receiving> _receiving = new(StringComparer.Ordinal);
    private readonly StorageQueueOptions _options;
    private readonly QueueHttp _http;
    private readonly StorageQueueClient _client;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    internal StorageStepQueue(StorageQueueOptions options, Func<ServerClock, IRequestSigner> signer, TimeProvider time, ILogger<StorageStepQueue> logger)
    {
        var clock = new ServerClock(time);
        (_options, _time, _logger) = (options, time, logger);
        _http = new QueueHttp(signer(clock), clock, options.Http, time);
        _client = new StorageQueueClient(options, _http, logger);
    }

    /// <inheritdoc/>
    /// <remarks>Delays are whole seconds, rounded up. Duplicates are not dropped.</remarks>
    /// <exception cref="QueueException">Refused, or no answer: then it may have been sent.</exception>
    public async Task EnqueueAsync(QueueMessage message, CancellationToken ct)
    {
        var wait = message.NotBefore - _time.GetUtcNow() ?? TimeSpan.Zero;
        var isLong = wait > _options.LongestDelay;
        var body = Encoding.UTF8.GetBytes(isLong ? LongDelay.Mark(message.Body, message.NotBefore!.Value) : message.Body);
        if (body.Length > MaxBodyBytes)
        {
            throw new QueueException($"Message '{message.Id}' for {message.Queue} has {body.Length} bytes; at most {MaxBodyBytes} are allowed.", isTransient: false);
        }

        await _client.PutAsync(message.Queue, Convert.ToBase64String(body), isLong ? _options.LongestDelay : wait, ct);
    }

    /// <inheritdoc/>
    public async Task<IMessageLease> ReceiveAsync(string queue, CancellationToken ct)
    {
        var receiving = _receiving.GetOrAdd(queue, name => new(new ReceiveLoop(name, FirstPause, _options.LongestPause, _time, _logger), new SemaphoreSlim(1, 1)));

        // One looks, the others wait for their turn: a look costs money, also when it finds nothing.
        await receiving.Turn.WaitAsync(ct);
        try
        {
            return await receiving.Loop.NextAsync(token => TakeNextAsync(queue, token), ct);
        }
        finally
        {
            receiving.Turn.Release();
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        foreach (var receiving in _receiving.Values)
        {
            receiving.Turn.Dispose();
        }
    }

    private async Task<IMessageLease?> TakeNextAsync(string queue, CancellationToken ct)
    {
        while (await _client.GetAsync(queue, ct) is { } received)
        {
            var body = Decode(received.Text);
            var terms = new LeaseTerms(queue, _options.VisibilityTimeout, _options.RenewFor, _options.MaxDeliveries, _time, _logger);
            var lease = new StorageLease(_client, new QueueMessage(queue, received.Id, body ?? received.Text), received, terms);
            if (body is null)
            {
                await lease.BuryAtOnceAsync("not base64");
            }
            else if (received.DequeueCount > _options.MaxDeliveries)
            {
                // Whoever had it before did not live to say so.
                await lease.BuryAtOnceAsync("not settled in time");
            }
            else if (LongDelay.Read(body) - _time.GetUtcNow() is { Ticks: > 0 } left)
            {
                await lease.ReturnAsync(left < _options.LongestDelay ? left : _options.LongestDelay);
            }
            else
            {
                return lease;
            }
        }

        return null;
    }

    private static string? Decode(string text)
    {
        var buffer = new byte[text.Length];
        return Convert.TryFromBase64String(text, buffer, out var length) ? Encoding.UTF8.GetString(buffer, 0, length) : null;
    }

    private sealed record Receiving(ReceiveLoop Loop, SemaphoreSlim Turn);
}
