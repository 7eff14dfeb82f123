using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Notifying;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Core.Delivering;

/// <summary>
/// The right to tell a receiver, which stands in the Canary's status: of several workers that have the same delivery at the same moment one gets it. A queue
/// that delivers twice may do so side by side, and an id that is recorded afterwards cannot keep those apart.
/// </summary>
public sealed class DeliveryClaims(IClusterClient cluster, CanaryOptions options, TimeProvider time)
{
    private const int Tries = 8;

    /// <summary>Takes the right, if nobody has it and the receiver was not told yet.</summary>
    /// <param name="length">How long telling can take; wall clock.</param>
    public async Task<ClaimAnswer> TakeAsync(ObjectRef reference, string id, Func<Canary, TimeSpan> length, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (await cluster.GetAsync(reference, ct).ConfigureAwait(false) is not { } found)
            {
                return new ClaimAnswer.Gone();
            }

            var (canary, now) = (Canary.From(found), time.GetUtcNow());
            var status = canary.Status;
            if (status.Deliveries.Contains(id))
            {
                return new ClaimAnswer.Told();
            }

            if (status.Claims.FirstOrDefault(c => c.Id == id && c.Until > now) is { } held)
            {
                return new ClaimAnswer.Held(held.Until);
            }

            var claim = new DeliveryClaim(id, AsStored(now + length(canary)));
            try
            {
                var taken = await WriteAsync(found, status with { Claims = [.. status.Claims.Where(c => c.Until > now), claim] }, ct).ConfigureAwait(false);

                // Whoever was held up on the way may have lost it again.
                if (time.GetUtcNow() < claim.Until)
                {
                    return new ClaimAnswer.Mine(Canary.From(taken), claim);
                }
            }
            catch (ClusterException e) when (e.IsConflict && attempt < Tries)
            {
                // A step or another delivery wrote in between: look at what it left.
            }
            catch
            {
                // It may be stored all the same, and nobody would tell the receiver until its time is over.
                await EndAsync(reference, claim, told: null).ConfigureAwait(false);
                throw;
            }
        }
    }

    /// <summary>Gives the right back. Never cut short by a shutdown: what was told has to be recorded.</summary>
    /// <param name="told">The receiver has it: nobody tells it again. Null when it has not.</param>
    public async Task EndAsync(ObjectRef reference, DeliveryClaim claim, Notice? told)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (await cluster.GetAsync(reference, CancellationToken.None).ConfigureAwait(false) is { } found && Ended(Canary.From(found), claim, told) is { } ended)
                {
                    await WriteAsync(found, ended, CancellationToken.None).ConfigureAwait(false);
                }

                return;
            }
            catch (ClusterException e) when (e.IsConflict && attempt < Tries)
            {
                // A step wrote in between: read its status and put it into that.
            }
            catch (ClusterException e) when (e.IsNotFound)
            {
                return; // Deleted meanwhile: nobody will ask for the record.
            }
        }
    }

    // Null when nothing changes. A notice of which everybody was told is done.
    private CanaryStatus? Ended(Canary canary, DeliveryClaim claim, Notice? told)
    {
        var status = canary.Status;
        var isNew = told is not null && !status.Deliveries.Contains(claim.Id);
        if (!isNew && !status.Claims.Contains(claim))
        {
            return null;
        }

        IReadOnlyList<string> deliveries = isNew ? [.. status.Deliveries, claim.Id] : status.Deliveries;
        var isDone = told is not null && NoticeFanOut.IsTold(canary, told, deliveries, options);
        return status with
        {
            Claims = [.. status.Claims.Where(c => c != claim)],
            Deliveries = deliveries,
            Outbox = isDone ? [.. status.Outbox.Where(e => (e.Step, e.Index) != (told!.Entry.Step, told.Entry.Index))] : status.Outbox,
        };
    }

    // A claim is known again by its time, and stored times have microseconds.
    private static DateTimeOffset AsStored(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond));

    private Task<JsonObject> WriteAsync(JsonObject canary, CanaryStatus status, CancellationToken ct)
    {
        var written = canary.Copy();
        written["status"] = status.ToJson();
        return cluster.ReplaceStatusAsync(Kinds.Canary, written, ct);
    }
}
