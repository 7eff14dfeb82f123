using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Core.Delivering;

/// <summary>
/// Changes Canaries' statuses beside the steps: reads, edits, writes, and again when somebody was quicker. What several want of one Canary at the same time
/// becomes one write, so that they do not get in each other's way.
/// </summary>
public sealed class StatusEdits(IClusterClient cluster)
{
    private const int Tries = 8;

    private readonly Lock _gate = new();
    private readonly Dictionary<ObjectRef, List<Edit>> _waiting = [];

    /// <summary>Gives the Canary as it then is; null when it does not exist.</summary>
    /// <param name="edit">The next status, or null to leave it; asked again after a conflict.</param>
    /// <param name="known">The Canary as it was written last, which saves reading it; null where that is not known.</param>
    /// <exception cref="ClusterException">The cluster failed; the edit may be stored all the same.</exception>
    public async Task<Canary?> ApplyAsync(ObjectRef reference, Func<Canary, CanaryStatus?> edit, Canary? known = null)
    {
        var mine = new Edit(edit, known);
        bool isFirst;
        lock (_gate)
        {
            isFirst = !_waiting.TryGetValue(reference, out var waiting);
            if (isFirst)
            {
                _waiting[reference] = waiting = [];
            }

            waiting!.Add(mine);
        }

        if (isFirst)
        {
            await WriteAllAsync(reference).ConfigureAwait(false);
        }

        return await mine.Done.Task.ConfigureAwait(false);
    }

    // Whoever came first writes for all who come meanwhile.
    private async Task WriteAllAsync(ObjectRef reference)
    {
        do
        {
            var batch = new List<Edit>();
            try
            {
                var written = await WriteAsync(reference, batch).ConfigureAwait(false);
                batch.ForEach(e => e.End(written));
            }
            catch (Exception e)
            {
                Join(reference, batch);
                batch.ForEach(edit => edit.Done.SetException(e));
            }
        }
        while (!IsIdle(reference));
    }

    private async Task<Canary?> WriteAsync(ObjectRef reference, List<Edit> batch)
    {
        for (var attempt = 1; ; attempt++)
        {
            Join(reference, batch);
            var read = attempt == 1 && batch.LastOrDefault(e => e.Known is not null) is { } last ? last.Known : await ReadAsync(reference).ConfigureAwait(false);
            if (read is null)
            {
                return null;
            }

            Join(reference, batch);
            var canary = batch.Aggregate(read, Edited);
            try
            {
                return canary != read ? Canary.From(await cluster.ReplaceStatusAsync(Kinds.Canary, canary.Raw, CancellationToken.None).ConfigureAwait(false)) : canary;
            }
            catch (ClusterException e) when ((e.IsConflict || e.IsNotFound) && attempt < Tries)
            {
                // A step wrote in between: read its status and put it into that. Or somebody deleted it, which reading tells.
            }
        }
    }

    private async Task<Canary?> ReadAsync(ObjectRef reference)
        => await cluster.GetAsync(reference, CancellationToken.None).ConfigureAwait(false) is { } found ? Canary.From(found) : null;

    private static Canary Edited(Canary canary, Edit edit)
    {
        if (edit.Ask(canary) is not { } status)
        {
            return canary;
        }

        var written = canary.Raw.Copy();
        written["status"] = status.ToJson();
        return Canary.From(written);
    }

    private void Join(ObjectRef reference, List<Edit> batch)
    {
        lock (_gate)
        {
            batch.AddRange(_waiting[reference]);
            _waiting[reference].Clear();
        }
    }

    private bool IsIdle(ObjectRef reference)
    {
        lock (_gate)
        {
            return _waiting[reference].Count == 0 && _waiting.Remove(reference);
        }
    }

    private sealed class Edit(Func<Canary, CanaryStatus?> next, Canary? known)
    {
        private Exception? _problem;

        internal Canary? Known { get; } = known;

        internal TaskCompletionSource<Canary?> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>One that cannot be made is its asker's problem and nobody else's.</summary>
        internal CanaryStatus? Ask(Canary canary)
        {
            _problem = null;
            try
            {
                return next(canary);
            }
            catch (Exception e)
            {
                _problem = e;
                return null;
            }
        }

        internal void End(Canary? written)
        {
            if (_problem is { } problem)
            {
                Done.SetException(problem);
            }
            else
            {
                Done.SetResult(written);
            }
        }
    }
}
