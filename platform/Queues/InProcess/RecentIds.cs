using CanaryFunctions.Core;

namespace CanaryFunctions.Platform.Queues.InProcess;

/// <summary>Ids accepted within a window of time. Not thread-safe: its queue's lock guards it.</summary>
internal sealed class RecentIds(TimeSpan window)
{
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly Queue<(TimeSpan At, string Id)> _inOrder = new();

    /// <summary>False when the id was added within the window.</summary>
    /// <param name="now">By <see cref="SteadyTime"/>.</param>
    public bool Add(string id, TimeSpan now)
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
