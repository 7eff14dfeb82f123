using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Platform.Queues.ServiceBus;

/// <summary>
/// Sends what is added, in order. The first message goes at once; those that come while it is under way go together in the next request, so that a burst
/// costs few of them and a lone message waits for nobody.
/// </summary>
/// <param name="send">Sends a batch. What it throws reaches everyone in the batch.</param>
internal sealed class SendBuffer(Func<IReadOnlyList<QueueMessage>, Task> send)
{
    private const int MostMessages = 100;
    private const int MostCharacters = 100 * 1024;   // JSON in JSON can double, and 256 KB is the limit

    private readonly Lock _gate = new();
    private readonly Queue<Waiting> _waiting = new();
    private bool _isSending;

    /// <summary>Returns when the message is sent. Cancelled, it is not sent if it had not begun to be.</summary>
    public Task AddAsync(QueueMessage message, CancellationToken ct)
    {
        var waiting = new Waiting(message, ct);
        lock (_gate)
        {
            _waiting.Enqueue(waiting);
            if (!_isSending)
            {
                _isSending = true;
                _ = Task.Run(SendAllAsync, CancellationToken.None);
            }
        }

        return waiting.Sent.Task.WaitAsync(ct);
    }

    private async Task SendAllAsync()
    {
        while (Take() is { Count: > 0 } batch)
        {
            try
            {
                await send([.. batch.Select(w => w.Message)]);
                batch.ForEach(w => w.Sent.TrySetResult());
            }
            catch (QueueException e) when (!e.IsTransient && batch.Count > 1)
            {
                await SendOneByOneAsync(batch);
            }
            catch (Exception e)
            {
                batch.ForEach(w => w.Fail(e));
            }
        }
    }

    // A batch is refused for its worst message; the others are worth a try.
    private async Task SendOneByOneAsync(List<Waiting> batch)
    {
        foreach (var waiting in batch)
        {
            try
            {
                await send([waiting.Message]);
                waiting.Sent.TrySetResult();
            }
            catch (Exception e)
            {
                waiting.Fail(e);
            }
        }
    }

    /// <summary>The next batch; empty when there is nothing more, and the next message begins anew.</summary>
    private List<Waiting> Take()
    {
        var batch = new List<Waiting>();
        lock (_gate)
        {
            var characters = 0;
            while (batch.Count < MostMessages && _waiting.TryPeek(out var next))
            {
                characters += next.Message.Body.Length + next.Message.Id.Length;
                if (batch.Count > 0 && characters > MostCharacters)
                {
                    break;
                }

                _waiting.Dequeue();
                if (!next.Token.IsCancellationRequested)
                {
                    batch.Add(next);
                }
            }

            _isSending = batch.Count > 0;
        }

        return batch;
    }

    private sealed record Waiting(QueueMessage Message, CancellationToken Token)
    {
        public TaskCompletionSource Sent { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Fail(Exception error)
        {
            Sent.TrySetException(error);

            // Whoever cancelled looks no more.
            _ = Sent.Task.Exception;
        }
    }
}
