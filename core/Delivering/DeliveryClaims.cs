using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Notifying;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Delivering;

/// <summary>
/// The right to tell a receiver, which stands in the Canary's status: of several workers that have the same delivery at the same moment one gets it. A queue
/// that delivers twice may do so side by side, and an id that is recorded afterwards cannot keep those apart.
/// </summary>
public sealed class DeliveryClaims(StatusEdits edits, CanaryOptions options, TimeProvider time)
{
    /// <summary>Takes the right, if nobody has it and the receiver was not told yet.</summary>
    /// <param name="length">How long telling can take; wall clock.</param>
    public async Task<ClaimAnswer> TakeAsync(ObjectRef reference, string id, Func<Canary, TimeSpan> length, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        while (true)
        {
            ClaimAnswer refusal = new ClaimAnswer.Gone();
            DeliveryClaim? claim = null;
            Canary? written;
            try
            {
                written = await edits.ApplyAsync(reference, canary =>
                {
                    (refusal, claim) = Ask(canary, id, length);
                    return claim is null ? null : canary.Status with { Claims = [.. canary.Status.Claims.Where(c => c.Until > time.GetUtcNow()), claim] };
                }).ConfigureAwait(false);
            }
            catch when (claim is not null)
            {
                // It may be stored all the same, and nobody would tell the receiver until its time is over.
                await EndAsync(reference, claim, told: null).ConfigureAwait(false);
                throw;
            }

            if (claim is null || written is null)
            {
                return refusal;
            }

            // Whoever was held up on the way may have lost it again.
            if (time.GetUtcNow() < claim.Until)
            {
                return new ClaimAnswer.Mine(written, claim);
            }
        }
    }

    /// <summary>Gives the right back. Never cut short by a shutdown: what was told has to be recorded.</summary>
    /// <param name="told">The receiver has it: nobody tells it again. Null when it has not.</param>
    /// <param name="taken">The Canary as it was when the right was taken, which saves reading it.</param>
    public Task EndAsync(ObjectRef reference, DeliveryClaim claim, Notice? told, Canary? taken = null)
        => edits.ApplyAsync(reference, canary => Ended(canary, claim, told), taken);

    // A right, or why there is none.
    private (ClaimAnswer Refusal, DeliveryClaim? Claim) Ask(Canary canary, string id, Func<Canary, TimeSpan> length)
    {
        var now = time.GetUtcNow();
        if (canary.Status.Deliveries.Contains(id))
        {
            return (new ClaimAnswer.Told(), null);
        }

        if (canary.Status.Claims.FirstOrDefault(c => c.Id == id && c.Until > now) is { } held)
        {
            return (new ClaimAnswer.Held(held.Until), null);
        }

        return (new ClaimAnswer.Gone(), new DeliveryClaim(id, AsStored(now + length(canary))));
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
}
