using CanaryFunctions.Core;
using CanaryFunctions.Core.Admission;

namespace CanaryFunctions.Webhook.Hints;

/// <summary>Hints on their way from answers to the queue: one a Canary, newest evidence, bounded. Never blocks who offers. Thread-safe, one reader.</summary>
internal sealed class HintChannel(int capacity) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _filled = new(0, 1);
    private Dictionary<CanaryKey, StepHint> _waiting = [];

    public int Capacity => capacity;

    /// <summary>False when it is full; a Canary that waits already always fits.</summary>
    public bool Offer(StepHint hint)
    {
        lock (_gate)
        {
            if (_waiting.TryGetValue(hint.Canary, out var older))
            {
                _waiting[hint.Canary] = older.Merge(hint);
                return true;
            }

            if (_waiting.Count >= capacity)
            {
                return false;
            }

            _waiting[hint.Canary] = hint;
            if (_filled.CurrentCount == 0)
            {
                _filled.Release();
            }

            return true;
        }
    }

    /// <summary>Until there is something to take.</summary>
    public Task WaitAsync(CancellationToken ct) => _filled.WaitAsync(ct);

    /// <summary>All that wait; they wait no longer.</summary>
    public IReadOnlyCollection<StepHint> TakeAll()
    {
        lock (_gate)
        {
            var taken = _waiting;
            _waiting = [];
            return taken.Values;
        }
    }

    public void Dispose() => _filled.Dispose();
}
