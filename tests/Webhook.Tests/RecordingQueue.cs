using System.Threading.Channels;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Webhook.Tests;

/// <summary>A queue that a test reads from, and can put out of order.</summary>
internal sealed class RecordingQueue : IStepQueue
{
    private readonly Channel<QueueMessage> _messages = Channel.CreateUnbounded<QueueMessage>();

    /// <summary>Awaited before each message is taken; may throw or never end.</summary>
    public Func<CancellationToken, Task>? Before { get; set; }

    public int Count => _messages.Reader.Count;

    public async Task EnqueueAsync(QueueMessage message, CancellationToken ct)
    {
        if (Before is { } before)
        {
            await before(ct);
        }

        await _messages.Writer.WriteAsync(message, ct);
    }

    /// <summary>The next message; fails after ten seconds.</summary>
    public async Task<QueueMessage> NextAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        return await _messages.Reader.ReadAsync(limit.Token);
    }
}
