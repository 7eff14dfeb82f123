namespace CanaryFunctions.Platform.Queues.InProcess;

/// <summary>Ids accepted within a window of time. Not thread-safe: its queue's lock guards it.</summary>
internal sealed class RecentIds(TimeSpan window)
{
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly Queue<(DateTimeOffset At, string Id)> _inOrder = new();

    /// <summary>False when the id was added within the window.</summary>
    public bool Add(string id, DateTimeOffset now)
    {
        while (_inOrder.TryPeek(out var oldest) && now - oldest.At >= window)
        {
            _ids.Remove(oldest.Id);
            _inOrder.Dequeue();
        }

        if (!_ids.Add(id))
        {
            return false;
        }

        _inOrder.Enqueue((now, id));
        return true;
    }
}
