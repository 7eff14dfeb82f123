using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Engine.Checks;

namespace CanaryFunctions.Core.Engine.Planning;

/// <summary>
/// Hooks and metric servers that could not be asked. That says nothing about the application (design.md rule 18): nothing moves, nothing is counted, and a
/// condition on the Canary says what is wrong.
/// </summary>
internal static class Availability
{
    /// <summary>There is no way to a hook, which is not the hook's saying no.</summary>
    internal static StepDecision? HooksUnreachable(StepContext c)
    {
        if (c.Answers.Unreachable is not { } answer)
        {
            return null;
        }

        // For an approval a release waits as long as it takes, whether the gate is closed or cannot be found.
        var endsWait = answer.Hook.Type is HookType.PreRollout or HookType.Rollout or HookType.Rollback;
        return Hold(c, Reasons.ServiceUnreachable, Messages.HookUnreachable(c.Canary, answer.Hook, answer.Text), endsWait);
    }

    /// <summary>Looks again in an interval.</summary>
    /// <param name="endsWait">The deadline for progress ends the wait.</param>
    internal static StepDecision Hold(StepContext c, string reason, string text, bool endsWait = true)
    {
        if (!PhaseTransitions.IsAnalysing(c.Status.Phase))
        {
            return c.Draft().TellPassed(c, HookType.ConfirmRollout).Warning(reason, text).AfterInterval(reason);
        }

        if (endsWait && c.Status.DeadlineAt <= c.Now)
        {
            return Rollback.OfDeadline(c, text);
        }

        var draft = AnalysisGates.Passed(c).WithRepairs(c);
        draft.Status = draft.Status with { DeadlineAt = endsWait ? c.Status.DeadlineAt ?? draft.Deadline() : null };
        return draft.Warning(reason, text).AfterInterval(reason);
    }

    /// <summary>Puts into the conditions what this step found.</summary>
    internal static StepDraft Note(this StepDraft draft, StepContext c)
    {
        if (c.Answers.Unreachable is { } answer)
        {
            draft.SetCondition(Condition.HooksAvailable, Condition.False, Reasons.ServiceUnreachable, Messages.HookUnreachable(c.Canary, answer.Hook, answer.Text));
        }
        else if (c.Answers.Hooks.Count > 0)
        {
            draft.Status = draft.Status with { Conditions = Condition.Remove(draft.Status.Conditions, Condition.HooksAvailable) };
        }

        return c.Answers.Metrics is { } answers ? draft.NoteMetrics(c, answers) : draft;
    }

    private static StepDraft NoteMetrics(this StepDraft draft, StepContext c, IReadOnlyList<MetricAnswer> answers)
    {
        var error = answers.Select(a => MetricJudge.Judge(c.Canary, a)).FirstOrDefault(v => v.Outcome == MetricOutcome.Error);
        return error is not null ? draft.SetCondition(Condition.MetricsAvailable, Condition.False, Reasons.MetricError, error.Text)
            : draft.Status.Condition(Condition.MetricsAvailable)?.Status == Condition.False
                ? draft.SetCondition(Condition.MetricsAvailable, Condition.True, Reasons.MetricsChecked, Messages.MetricsAvailable)
                : draft;
    }
}
