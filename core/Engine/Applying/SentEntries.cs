namespace CanaryFunctions.Core.Engine.Applying;

/// <summary>What this process has sent, and how long ago; forgotten after half an hour. To have forgotten costs a look at what is there.</summary>
internal sealed class SentEntries(TimeProvider time)
{
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(30);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _sent = new(StringComparer.Ordinal);
    private readonly Queue<(string Id, long At)> _inOrder = new();

    internal void Add(string id)
    {
        lock (_gate)
        {
            while (_inOrder.TryPeek(out var oldest) && time.GetElapsedTime(oldest.At) > Kept)
            {
                _sent.Remove(oldest.Id);
                _inOrder.Dequeue();
            }

            if (_sent.TryAdd(id, time.GetTimestamp()))
            {
                _inOrder.Enqueue((id, _sent[id]));
            }
        }
    }

    /// <summary>Null when it was not sent here.</summary>
    internal TimeSpan? Age(string id)
    {
        lock (_gate)
        {
            return _sent.TryGetValue(id, out var at) ? time.GetElapsedTime(at) : null;
        }
    }
}
