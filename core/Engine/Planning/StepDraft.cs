using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Notifying;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Routing;

namespace CanaryFunctions.Core.Engine.Planning;

/// <summary>A step in the making: gates say what is to happen, <see cref="Build"/> turns it into writes.</summary>
internal sealed class StepDraft
{
    /// <summary>Traffic needs a moment to follow a route that was just written.</summary>
    internal static readonly TimeSpan Drain = TimeSpan.FromSeconds(1);

    private readonly RolloutSnapshot _snapshot;
    private readonly List<ObjectChange> _before = [];
    private readonly List<ObjectChange> _after = [];
    private FinalizerChange _finalizer;

    internal StepDraft(RolloutSnapshot snapshot)
    {
        _snapshot = snapshot;
        var status = snapshot.Canary.Status;
        var resumed = status.Condition(Condition.Suspended) is not null && !snapshot.Canary.Spec.Suspend;
        Status = status with
        {
            Step = status.Step + 1,
            ObservedGeneration = snapshot.Canary.Generation,
            ObservedTargetGeneration = snapshot.Target?.Generation() ?? status.ObservedTargetGeneration,
            Conditions = resumed ? Condition.Remove(status.Conditions, Condition.Suspended) : status.Conditions,
            DeadlineAt = resumed && status.DeadlineAt is not null ? Deadline() : status.DeadlineAt,
        };
        SetCondition(Condition.Accepted, Condition.True, Reasons.Accepted, "The spec is valid and all that it refers to exists.");
    }

    internal CanaryStatus Status { get; set; }

    /// <summary>The split that this step wants; null for the one in the status.</summary>
    internal TrafficSplit? Split { get; set; }

    private Canary Canary => _snapshot.Canary;

    internal StepDraft Normal(string reason, string message) => Say(reason, message, isWarning: false);

    internal StepDraft Warning(string reason, string message) => Say(reason, message, isWarning: true);

    /// <summary>Said only the first time in a run, however often it is found.</summary>
    internal StepDraft NormalOnce(string reason, string message) => Once($"said/{RunIds.Short(message)}", d => d.Normal(reason, message));

    internal StepDraft WarningOnce(string reason, string message) => Once($"said/{RunIds.Short(message)}", d => d.Warning(reason, message));

    /// <summary>Done only the first time in a run.</summary>
    internal StepDraft Once(string key, Action<StepDraft> say)
    {
        if (!Status.PassedHooks.Contains(key))
        {
            Status = Status with { PassedHooks = [.. Status.PassedHooks, key] };
            say(this);
        }

        return this;
    }

    internal StepDraft Alert(AlertSeverity severity, string text, bool withMetadata = false)
        => Put(new(Status.Step, Status.Outbox.Count, OutboxKind.Alert, StatusJson.PhaseName(Status.Phase))
        {
            Severity = severity,
            Message = text,
            WithMetadata = withMetadata,
            At = Moment(),
        });

    /// <summary>The post-rollout hooks are to be called, with the phase that the release ended in.</summary>
    internal StepDraft PostRollout()
        => Canary.Spec.Analysis.HooksOf(HookType.PostRollout).Any()
            ? Put(new(Status.Step, Status.Outbox.Count, OutboxKind.PostRollout, StatusJson.PhaseName(Status.Phase)) { At = Moment() })
            : this;

    /// <exception cref="InvalidOperationException">The table of phase changes does not allow it: a mistake in a gate.</exception>
    internal StepDraft Enter(CanaryPhase phase)
    {
        var from = Status.Phase;
        if (!PhaseTransitions.IsAllowed(from, phase))
        {
            throw new InvalidOperationException($"canary {Canary.Key}: status.phase '{from}' may not become '{phase}'.");
        }

        Status = Status with { Phase = phase, LastTransitionTime = from == phase ? Status.LastTransitionTime : _snapshot.Now };
        var (status, message) = PromotedCondition.Of(phase, Canary.Spec.TargetRef.Kind);
        return SetCondition(Condition.Promoted, status, phase.ToString(), message);
    }

    internal StepDraft SetCondition(string type, string status, string reason, string message)
    {
        Status = Status with { Conditions = Condition.Set(Status.Conditions, type, status, reason, message, _snapshot.Now) };
        return this;
    }

    /// <summary>A write that goes before the routes: what has to be there first.</summary>
    internal StepDraft Prepare(ObjectChange? change)
    {
        if (change is not null)
        {
            _before.Add(change);
        }

        return this;
    }

    /// <summary>A write that goes behind the routes: what may go once traffic has moved.</summary>
    internal StepDraft Finish(ObjectChange? change)
    {
        if (change is not null)
        {
            _after.Add(change);
        }

        return this;
    }

    internal StepDraft Finalizer(FinalizerChange change)
    {
        _finalizer = change;
        return this;
    }

    /// <summary>The absolute time by which what begins now has to be done.</summary>
    internal DateTimeOffset Deadline() => _snapshot.Now + _snapshot.Options.Scaled(_snapshot.Canary.Spec.ProgressDeadline);

    /// <summary>The next look comes after this long (nominal).</summary>
    internal StepDecision After(TimeSpan nominal, string reason) => Build(_snapshot.Now + _snapshot.Options.Scaled(nominal), reason);

    internal StepDecision AtOnce(string reason) => Build(_snapshot.Now, reason);

    /// <summary>The next look comes with the next analysis interval.</summary>
    internal StepDecision AfterInterval(string reason) => After(Interval(), reason);

    /// <summary>Nothing more to do until something happens.</summary>
    internal StepDecision AtRest(string reason) => Build(null, reason);

    /// <summary>Only the status changes, whatever the phase and whatever was prepared; nothing follows.</summary>
    internal StepDecision Leave(string reason) => new StepDecision.Write(new([], Ended(null), reason, _finalizer));

    /// <summary>The next look comes soon, and later each time it finds the same.</summary>
    internal StepDecision Waiting(string reason)
    {
        Status = Status with { Waits = Status.Waits + 1, DeadlineAt = Status.DeadlineAt ?? Deadline() };
        var wait = TimeSpan.FromSeconds(Status.Waits);
        return After(wait < Interval() ? wait : Interval(), reason);
    }

    internal TimeSpan Interval()
    {
        var interval = Canary.Spec.Analysis.Interval;
        return interval < _snapshot.Options.MinimumInterval ? _snapshot.Options.MinimumInterval : interval;
    }

    private StepDecision Build(DateTimeOffset? next, string reason)
    {
        var routes = Routes();
        if (routes.Problem is { } problem)
        {
            return HeldBy(problem);
        }

        IReadOnlyList<ObjectChange> changes = [.. _before, .. routes.Changes, .. _after];
        return new StepDecision.Write(new(changes, Ended(next), reason, _finalizer));
    }

    // While a run is under way every step writes the routing that its status stands for, so that whatever went wrong meanwhile is put right.
    private RoutePlan Routes()
    {
        var isRouted = Split is not null || Status.Phase is CanaryPhase.Progressing or CanaryPhase.WaitingPromotion or CanaryPhase.Promoting or CanaryPhase.Finalising;
        return isRouted && _snapshot is { Router: { } router, Target: not null }
            ? router.Plan(_snapshot.RouteInput(), TrafficGuard.Apply(Split ?? TrafficSplit.ToCanary(Status.CanaryWeight), _snapshot.ReadyPrimaryPods, _snapshot.ReadyCanaryPods))
            : RoutePlan.Unchanged;
    }

    // Routes that cannot be written move nothing else either.
    private StepDecision HeldBy(string problem) => Gates.Held(_snapshot, Reasons.ReferenceMissing, problem, Interval());

    private StepDraft Say(string reason, string message, bool isWarning)
        => Put(new(Status.Step, Status.Outbox.Count, OutboxKind.Event, StatusJson.PhaseName(Status.Phase))
        {
            IsWarning = isWarning,
            Reason = reason,
            Message = message,
            At = Moment(),
        });

    // What one step says is said in order, though at the same time.
    private DateTimeOffset Moment() => _snapshot.Now.AddMicroseconds(Status.Outbox.Count);

    private StepDraft Put(OutboxEntry entry)
    {
        Status = Status with { Outbox = [.. Status.Outbox, entry] };
        return this;
    }

    // The run's id may have come after the first word about it.
    private CanaryStatus Ended(DateTimeOffset? next) => Status with
    {
        NextStepAt = next,
        Outbox = [.. Status.Outbox.Select(e => e.Step == Status.Step ? e with { RunId = Status.RunId } : e)],
    };
}
