using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Engine.Checks;
using CanaryFunctions.Core.Notifying;
using CanaryFunctions.Core.Routing;

namespace CanaryFunctions.Core.Engine.Planning;

/// <summary>One analysis step: hooks, metrics, more traffic (contracts/core.md 2.9, 2.7 A).</summary>
internal static class AnalysisGates
{
    private const string Phase = "Progressing";

    /// <summary>Before the first traffic.</summary>
    internal static StepDecision? PreRollout(StepContext c)
    {
        if (!PhaseTransitions.IsAnalysing(c.Status.Phase) || c.Status.CanaryWeight > 0)
        {
            return null;
        }

        var (ask, refused) = Gates.AskHooks(c, HookType.PreRollout, Phase);
        return ask ?? (refused is null ? null
            : Halt(c, Reasons.HookFailed, Messages.PreRolloutFailed(c.Canary, refused.Hook, refused.Text)));
    }

    /// <summary>The first traffic needs the same consent as any more; no load is started before it.</summary>
    internal static StepDecision? FirstTraffic(StepContext c) => c.Status.CanaryWeight == 0 ? TrafficIncrease(c) : null;

    /// <summary>With the first traffic and at every check: load has to be there before the first query.</summary>
    internal static StepDecision? Rollout(StepContext c)
    {
        if (!PhaseTransitions.IsAnalysing(c.Status.Phase))
        {
            return null;
        }

        var hooks = c.Spec.Analysis.HooksOf(HookType.Rollout).ToList();
        if (hooks.Count == 0)
        {
            return null;
        }

        return !c.Answers.Hooks.TryGetValue(HookType.Rollout, out var answers)
            ? new StepDecision.Ask(new CheckRequest.Hooks(HookType.Rollout, hooks, Phase, StopAt: false))
            : answers.FirstOrDefault(a => !a.Passed) is { } refused
                ? Halt(c, Reasons.HookFailed, Messages.RolloutFailed(c.Canary, refused.Hook, refused.Text))
                : null;
    }

    internal static StepDecision? Metrics(StepContext c)
    {
        var metrics = c.Spec.Analysis.Metrics;
        if (!PhaseTransitions.IsAnalysing(c.Status.Phase) || c.Status.CanaryWeight == 0 || metrics.Count == 0)
        {
            return null;
        }

        if (c.Answers.Metrics is not { } answers)
        {
            return new StepDecision.Ask(new CheckRequest.Metrics(metrics));
        }

        var verdicts = answers.Select(a => (Answer: a, Verdict: MetricJudge.Judge(c.Canary, a))).ToList();
        var (bad, verdict) = verdicts.FirstOrDefault(v => v.Verdict.Outcome != MetricOutcome.Passed);
        return verdict?.Outcome switch
        {
            null => null,
            MetricOutcome.Failed => Halt(c, Reasons.MetricFailed, verdict.Text),
            MetricOutcome.NoData when IsFirstWindow(c, bad!.Metric) => WaitForValues(c, bad.Metric),
            MetricOutcome.NoData => Halt(c, Reasons.NoData, verdict.Text),
            _ => Availability.Hold(c, Reasons.MetricError, verdict.Text),
        };
    }

    /// <summary>The hooks that let the canary have more traffic; asked at the highest weight too, before the promotion.</summary>
    internal static StepDecision? TrafficIncrease(StepContext c)
    {
        if (c.Status.Phase != CanaryPhase.Progressing)
        {
            return null;
        }

        var (ask, refused) = Gates.AskHooks(c, HookType.ConfirmTrafficIncrease, Phase);
        if (ask is not null || refused is null)
        {
            return ask;
        }

        return Passed(c).WithRepairs(c).Once($"closed/{refused.Hook.TypeName}", d =>
        {
            d.Warning(Reasons.WaitingForApproval, Messages.WaitingForApproval(c.Canary, refused.Hook));
            if (!refused.Hook.MuteAlert)
            {
                d.Alert(AlertSeverity.Warn, "Canary traffic increase is waiting for approval.");
            }
        }).AfterInterval("waiting for traffic increase approval");
    }

    internal static StepDecision? Advance(StepContext c)
    {
        if (c.Status.Phase != CanaryPhase.Progressing || WeightLadder.Next(c.Spec.Analysis, c.Status.CanaryWeight) is not { } weight)
        {
            return null;
        }

        var draft = Passed(c).WithRepairs(c);
        draft.Split = TrafficSplit.ToCanary(weight);
        draft.Status = draft.Status with
        {
            CanaryWeight = weight,
            TrafficSince = draft.Status.TrafficSince ?? c.Now,
            PassedHooks = [.. draft.Status.PassedHooks.Where(key => !key.StartsWith("confirm-traffic-increase/", StringComparison.Ordinal) && !key.StartsWith("closed/", StringComparison.Ordinal))],
        };
        return draft.Normal(Reasons.WeightAdvanced, Messages.Advance(c.Canary, weight)).AfterInterval("advanced");
    }

    /// <summary>A draft of a step whose checks passed so far: says what passed and keeps the measurements.</summary>
    internal static StepDraft Passed(StepContext c)
    {
        var draft = c.Draft();
        draft.Status = draft.Status with { Waits = 0, DeadlineAt = null, Measurements = Measured(c) };
        if (c.Status.CanaryWeight == 0)
        {
            draft.NormalOnce(Reasons.AnalysisStarted, Messages.Starting(c.Canary));
        }

        return draft.TellPassed(c, HookType.PreRollout, HookType.ConfirmTrafficIncrease, HookType.ConfirmPromotion);
    }

    // The threshold is looked at again at once: what has failed often enough need not wait for it.
    private static StepDecision Halt(StepContext c, string reason, string text)
    {
        // What somebody deleted may be why the check failed.
        var draft = Passed(c).WithRepairs(c);
        draft.Status = draft.Status with { FailedChecks = draft.Status.FailedChecks + 1 };
        draft.Warning(reason, text);
        return draft.Status.FailedChecks >= c.Spec.Analysis.Threshold ? draft.AtOnce(reason) : draft.AfterInterval(reason);
    }

    private static bool IsFirstWindow(StepContext c, MetricSpec metric)
        => c.Status.TrafficSince is { } since && c.Now < since + c.Snapshot.Options.Scaled(metric.Window);

    private static StepDecision WaitForValues(StepContext c, MetricSpec metric)
        => Passed(c).WithRepairs(c).NormalOnce(Reasons.NoData, Messages.WaitingForValues(c.Canary, metric.Name)).AfterInterval("waiting for values");

    private static IReadOnlyList<Measurement> Measured(StepContext c)
    {
        var values = (c.Answers.Metrics ?? [])
            .Select(a => (a.Metric.Name, Verdict: MetricJudge.Judge(c.Canary, a)))
            .Where(m => m.Verdict.Value is not null)
            .Select(m => new Measurement(m.Name, m.Verdict.Value!.Value, c.Now, m.Verdict.Bound));
        return [.. c.Status.Measurements, .. values];
    }
}
