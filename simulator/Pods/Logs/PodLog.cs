using System.Runtime.CompilerServices;

namespace CanaryFunctions.Simulator.Pods.Logs;

/// <summary>The last lines that a container wrote. Thread-safe.</summary>
public sealed class PodLog(TimeProvider time)
{
    private const int Capacity = 1000;

    private readonly Queue<(DateTimeOffset At, string Text)> _lines = new(Capacity);
    private readonly Lock _lock = new();
    private TaskCompletionSource _more = NewSignal();
    private bool _hasReaders;
    private long _dropped;
    private bool _closed;

    public void Append(string line)
    {
        lock (_lock)
        {
            if (_lines.Count == Capacity)
            {
                _lines.Dequeue();
                _dropped++;
            }

            _lines.Enqueue((time.GetUtcNow(), line));
            Signal();
        }
    }

    /// <summary>Ends the sequences of those who follow.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            Signal();
        }
    }

    /// <summary>The kept lines, oldest first, and with <paramref name="follow"/> the new ones until the log is closed.</summary>
    /// <param name="tail">Only so many of the last lines; null for all.</param>
    /// <param name="since">Only lines from then on; null for all.</param>
    public async IAsyncEnumerable<string> ReadAsync(bool follow, int? tail, DateTimeOffset? since, [EnumeratorCancellation] CancellationToken ct)
    {
        var position = Start(tail, since);
        while (true)
        {
            var (lines, next, more, closed) = Take(position);
            foreach (var line in lines)
            {
                yield return line;
            }

            position = next;
            if (!follow || (closed && lines.Count == 0))
            {
                yield break;
            }

            await more.WaitAsync(ct);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Most logs are written to a thousand times a second and followed by nobody.
    private void Signal()
    {
        if (_hasReaders)
        {
            _hasReaders = false;
            _more.TrySetResult();
            _more = NewSignal();
        }
    }

    private long Start(int? tail, DateTimeOffset? since)
    {
        lock (_lock)
        {
            var skipped = since is { } from ? _lines.TakeWhile(l => l.At < from).Count() : 0;
            skipped = tail is { } count ? Math.Max(skipped, _lines.Count - count) : skipped;
            return _dropped + skipped;
        }
    }

    private (List<string> Lines, long Next, Task More, bool Closed) Take(long position)
    {
        lock (_lock)
        {
            var lines = _lines.Skip((int)Math.Max(0, position - _dropped)).Select(l => l.Text).ToList();
            _hasReaders = true;
            return (lines, _dropped + _lines.Count, _closed ? Task.CompletedTask : _more.Task, _closed);
        }
    }
}
