using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Engine.Checks;

namespace CanaryFunctions.Core.Engine.Planning;

/// <summary>All gates in the order in which they are asked. The first decision wins.</summary>
internal static class Gates
{
    internal static readonly IReadOnlyList<Gate> InOrder =
    [
        DeletionGates.Terminating,          // a Canary that goes is put in order first, whatever else holds
        AcceptanceGates.ForeignController,  // somebody else decides here
        AcceptanceGates.SchemaPrunesStatus, // our memory does not hold: try whether it does again
        AcceptanceGates.Suspended,          // the user said wait
        AcceptanceGates.InvalidSpec,        // it got past admission and is left alone
        AcceptanceGates.DuplicateTarget,    // an older Canary owns the target
        AcceptanceGates.MissingReference,   // the target, its selector or its scaler is not there
        RestGates.NoteGeneration,
        DueGates.NotDue,                    // too early, and nothing new
        BootstrapGates.Adopt,               // first sight of a release that another controller left
        BootstrapGates.Probe,               // do the metric servers answer?
        BootstrapGates.MakePrimary,
        BootstrapGates.PrimaryReady,
        BootstrapGates.TakeOver,
        BootstrapGates.ScaleDown,
        RestGates.Rebaseline,               // the API server changed the template, nobody else
        RestGates.RevertedAfterFailure,
        RestGates.PrimaryMissing,
        RunGates.Reverted,                  // the target is back at the promoted revision
        Availability.HooksUnreachable,      // a hook that was asked below could not be
        RunGates.Restart,                   // another revision while one is analysed
        PromotionGates.AlreadyCopied,       // a crash came between the copy and its record
        RunGates.ThresholdReached,          // what failed often enough is given up, whether or not its pods are ready
        RunGates.PrimaryReady,
        RunGates.Start,
        RestGates.Clean,
        RunGates.CanaryReady,
        RunGates.SkipAnalysis,
        RunGates.RollbackHooks,
        PromotionGates.Finalise,
        PromotionGates.Promote,
        AnalysisGates.PreRollout,
        AnalysisGates.FirstTraffic,
        AnalysisGates.Rollout,
        AnalysisGates.Metrics,
        AnalysisGates.TrafficIncrease,
        AnalysisGates.Advance,
        PromotionGates.Confirm,
        PromotionGates.Copy,
    ];

    internal static StepDecision Decide(StepContext context)
        => InOrder.Select(gate => gate(context)).FirstOrDefault(decision => decision is not null) ?? new StepDecision.Nothing("at rest");

    /// <summary>Something outside the release stands in the way: a condition says what, once an event too, and nothing moves.</summary>
    /// <param name="lookAgain">Nominal; null when only a change can help.</param>
    internal static StepDecision Held(RolloutSnapshot snapshot, string reason, string problem, TimeSpan? lookAgain)
    {
        var old = snapshot.Canary.Status.Condition(Condition.Accepted);
        var isKnown = old is { Status: Condition.False } && old.Reason == reason && old.Message == problem && snapshot.Canary.Status.ObservedGeneration == snapshot.Canary.Generation;
        if (isKnown && (lookAgain is null ? snapshot.Canary.Status.NextStepAt is null : snapshot.Canary.Status.NextStepAt > snapshot.Now))
        {
            return new StepDecision.Nothing(reason);
        }

        var draft = new StepDraft(snapshot);
        draft.Status = draft.Status with { Conditions = snapshot.Canary.Status.Conditions };
        draft.SetCondition(Condition.Accepted, Condition.False, reason, problem);
        if (old?.Message != problem)
        {
            draft.Warning(reason, problem);
        }

        var next = lookAgain is { } wait ? snapshot.Now + snapshot.Options.Scaled(wait) : (DateTimeOffset?)null;
        return new StepDecision.Write(new([], draft.Status with { NextStepAt = next }, reason));
    }

    /// <summary>The hooks of a type, if they have not said yes already at this weight: an ask, a refusal, or null when all passed.</summary>
    internal static (StepDecision? Ask, HookAnswer? Refused) AskHooks(StepContext context, HookType type, string phase)
    {
        var hooks = context.Spec.Analysis.HooksOf(type).Where(h => !context.Status.PassedHooks.Contains(PassedKey(context, h))).ToList();
        if (hooks.Count == 0)
        {
            return (null, null);
        }

        return context.Answers.Hooks.TryGetValue(type, out var answers)
            ? (null, answers.FirstOrDefault(a => !a.Passed))
            : (new StepDecision.Ask(new CheckRequest.Hooks(type, hooks, phase, StopAt: false)), null);
    }

    /// <summary>Says of each hook that passed that it did, and remembers it, so that it is neither asked nor reported again at this weight.</summary>
    internal static StepDraft TellPassed(this StepDraft draft, StepContext context, params ReadOnlySpan<HookType> types)
    {
        foreach (var type in types)
        {
            foreach (var answer in context.Answers.Hooks.GetValueOrDefault(type) ?? [])
            {
                if (answer.Passed)
                {
                    draft.Once(PassedKey(context, answer.Hook), d => d.Normal(Reasons.HookPassed, Messages.HookPassed(answer.Hook)));
                }
            }
        }

        return draft;
    }

    // An approval of a release is one of its revision, and of no other.
    private static string PassedKey(StepContext context, HookSpec hook)
        => hook.Type == HookType.ConfirmRollout ? $"{hook.TypeName}/{Shortened(hook.Name)}/{context.Snapshot.TargetHash}" : $"{hook.TypeName}/{Shortened(hook.Name)}";

    // The status is bounded, names are not.
    private static string Shortened(string name) => name.Length <= 40 ? name : RunIds.Short(name);
}
