using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Cluster.Tests.Scale;

/// <summary>Sees every step that is taken, and how long after its time: from what the status before said to when the new status is seen here.</summary>
internal sealed class StepWatch : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Namespace, string Name), CanaryStatus> _last = [];
    private readonly List<TimeSpan> _late = [];
    private readonly List<TimeSpan> _ticksLate = [];
    private readonly Task _following;
    private int _steps;

    internal StepWatch(IClusterClient client) => _following = FollowAsync(client);

    /// <summary>How late the looks of all steps were, and those of the analysis alone, which come at its interval.</summary>
    internal (int Steps, IReadOnlyList<TimeSpan> Late, IReadOnlyList<TimeSpan> TicksLate) Seen
    {
        get
        {
            lock (_gate)
            {
                return (_steps, [.. _late], [.. _ticksLate]);
            }
        }
    }

    internal int Count(CanaryPhase phase)
    {
        lock (_gate)
        {
            return _last.Values.Count(s => s.Phase == phase && s is { NextStepAt: null, Outbox.Count: 0 });
        }
    }

    /// <summary>Forgets what was counted so far.</summary>
    internal void Reset()
    {
        lock (_gate)
        {
            _late.Clear();
            _ticksLate.Clear();
            _steps = 0;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _following;
        _stop.Dispose();
    }

    private async Task FollowAsync(IClusterClient client)
    {
        try
        {
            await foreach (var change in client.WatchAsync(Kinds.Canary, null, new(), _stop.Token))
            {
                if (change is { Type: WatchEventType.Added or WatchEventType.Modified, Object: { } found })
                {
                    Apply(Canary.From(found), TimeProvider.System.GetUtcNow());
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The end.
        }
    }

    private void Apply(Canary canary, DateTimeOffset now)
    {
        lock (_gate)
        {
            var key = (canary.Namespace, canary.Key.Name);
            if (_last.TryGetValue(key, out var before) && canary.Status.Step > before.Step)
            {
                _steps++;
                if (before.NextStepAt is { } due && now > due)
                {
                    _late.Add(now - due);
                    if (before is { Phase: CanaryPhase.Progressing, Waits: 0, CanaryWeight: > 0 })
                    {
                        _ticksLate.Add(now - due);
                    }
                }
            }

            _last[key] = canary.Status;
        }
    }
}
