using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Engine.Checks;
using CanaryFunctions.Core.Engine.Workloads;
using CanaryFunctions.Core.Notifying;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Routing;

namespace CanaryFunctions.Core.Engine.Planning;

/// <summary>
/// From a bare Deployment to one that a primary serves for. The order never leaves users without pods: the primary is ready before the apex Service selects it,
/// and the apex selects it before the target goes to zero.
/// </summary>
internal static class BootstrapGates
{
    /// <summary>A release that another controller left at rest: its hashes mean nothing here, so the comparison of target and primary decides what is pending.</summary>
    internal static StepDecision? Adopt(StepContext c)
    {
        if (TemplateHash.IsOurs(c.Status.LastAppliedSpec))
        {
            return null;
        }

        if (!PhaseTransitions.IsAtRest(c.Status.Phase))
        {
            return PhaseTransitions.IsRunning(c.Status.Phase) && c.Status.LastAppliedSpec is not null ? TakeBack(c) : null;
        }

        var draft = c.Draft().Finalizer(FinalizerFor(c));
        draft.Status = draft.Status with
        {
            LastAppliedSpec = c.Snapshot.TargetHash,
            LastPromotedSpec = c.Snapshot.TargetHash,
            TargetGeneration = c.Snapshot.Target!.Generation(),
        };
        var isPending = c.Snapshot.Primary is { } primary
            && !PrimaryDeployment.RunsTemplateOf(c.Canary, primary, c.Snapshot.Target!, c.Snapshot.Selector!, c.Snapshot.Options);
        if (!isPending)
        {
            return draft.Leave("adopted");
        }

        var text = $"{c.Canary.PrimaryName}.{c.Canary.Namespace} runs another template than {c.Canary.TargetName}.{c.Canary.Namespace}: the next change of the target releases it.";
        return draft.SetCondition(Condition.PendingRevision, Condition.True, Reasons.PendingRevision, text)
            .Warning(Reasons.PendingRevision, text).Leave("adopted with a pending revision");
    }

    // A run that another controller wrote into: what it analysed is not known any more, so a revision that is not promoted yet counts as a new one.
    private static StepDecision TakeBack(StepContext c)
    {
        var draft = c.Draft();
        var isCopied = c.Status.Phase is CanaryPhase.Promoting or CanaryPhase.Finalising;
        var promoted = TemplateHash.IsOurs(c.Status.LastPromotedSpec) ? c.Status.LastPromotedSpec : null;
        draft.Status = draft.Status with
        {
            LastAppliedSpec = isCopied ? c.Snapshot.TargetHash : promoted,
            LastPromotedSpec = promoted,
            TargetGeneration = isCopied ? c.Snapshot.Target!.Generation() : 0,
        };
        return draft.AtOnce("taken back");
    }

    internal static StepDecision? Probe(StepContext c)
    {
        var metrics = c.Spec.Analysis.Metrics;
        var isKnown = c.Status.Condition(Condition.MetricsAvailable)?.Status == Condition.True || c.Answers.ProbeProblems is not null;
        return IsBootstrapping(c) && !c.Spec.SkipAnalysis && metrics.Count > 0 && !isKnown
            ? new StepDecision.Ask(new CheckRequest.Probe(metrics))
            : null;
    }

    internal static StepDecision? MakePrimary(StepContext c)
    {
        return IsBootstrapping(c) && c.Snapshot.Primary is null
            ? Begin(c).WithTrackServices(c).WithNewPrimary(c).WithPrimaryScaler(c, update: false).Waiting("making the primary")
            : null;
    }

    internal static StepDecision? PrimaryReady(StepContext c)
    {
        if (!IsBootstrapping(c))
        {
            return null;
        }

        var readiness = DeploymentReadiness.ToServe(c.Snapshot.Primary, c.Spec.Analysis.PrimaryReadyThreshold);
        return readiness.Problem is { } problem
            ? Begin(c).WithTrackServices(c).WithPrimaryScaler(c, update: false)
                .WarningOnce(Reasons.NotReady, Messages.PrimaryNotReady(c.Canary, problem))
                .Waiting(problem)
            : null;
    }

    /// <summary>The apex Service and the routes go to the primary; the target is still up.</summary>
    internal static StepDecision? TakeOver(StepContext c)
    {
        if (!IsBootstrapping(c))
        {
            return null;
        }

        var routes = TrackObjects.Routes(c, TrafficSplit.AllPrimary);
        var apex = TrackObjects.Apex(c);
        if (routes.Problem is null && routes.Changes.Count == 0 && apex is null)
        {
            return null;
        }

        var draft = Begin(c).WithServices(c);
        draft.Split = TrafficSplit.AllPrimary;
        return draft.After(StepDraft.Drain, "routing to the primary");
    }

    internal static StepDecision? ScaleDown(StepContext c)
    {
        if (!IsBootstrapping(c))
        {
            return null;
        }

        var draft = Begin(c).Finish(TrackObjects.ScaleTarget(c, 0)).Enter(CanaryPhase.Initialized);
        draft.Status = draft.Status with
        {
            LastAppliedSpec = c.Snapshot.TargetHash,
            LastPromotedSpec = c.Snapshot.TargetHash,
            TargetGeneration = c.Snapshot.Target!.Generation(),
            DeadlineAt = null,
            Waits = 0,
            PassedHooks = [],
        };
        return draft.Normal(Reasons.Initialized, Messages.InitializationDone(c.Canary))
            .Alert(AlertSeverity.Info, $"New {c.Spec.TargetRef.Kind} detected, initialization completed.", withMetadata: true)
            .AtRest("initialized");
    }

    internal static FinalizerChange FinalizerFor(StepContext c)
        => c.Canary.Raw.ListAt("metadata", "finalizers").Any(f => f.Text() == Canary.Finalizer) ? FinalizerChange.None : FinalizerChange.Add;

    internal static bool IsBootstrapping(StepContext c) => c.Status.Phase is CanaryPhase.None or CanaryPhase.Initializing;

    private static StepDraft Begin(StepContext c)
    {
        var draft = c.Draft().Finalizer(FinalizerFor(c)).Enter(CanaryPhase.Initializing);
        return c.Answers.ProbeProblems switch
        {
            null => draft,
            [] => draft.SetCondition(Condition.MetricsAvailable, Condition.True, Reasons.MetricsChecked, Messages.MetricsAvailable)
                .NormalOnce(Reasons.MetricsChecked, Messages.MetricsAvailable),
            var problems => draft.SetCondition(Condition.MetricsAvailable, Condition.False, Reasons.MetricsChecked, Messages.MetricsUnavailable(problems))
                .WarningOnce(Reasons.MetricsChecked, Messages.MetricsUnavailable(problems)),
        };
    }
}
