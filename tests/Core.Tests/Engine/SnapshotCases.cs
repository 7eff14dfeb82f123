using CanaryFunctions.Core.Canaries;
using FsCheck;
using FsCheck.Fluent;

namespace CanaryFunctions.Core.Tests.Engine;

/// <summary>Snapshots of every kind: all phases, pods in every state, hooks and metrics with every answer. What stops everything is rare.</summary>
internal static class SnapshotCases
{
    /// <summary>Terminated is left out: nobody writes it, a Canary is gone by then.</summary>
    internal static Arbitrary<SnapshotCase> All { get; } = Of(Runs([.. Enum.GetValues<CanaryPhase>().Where(phase => phase != CanaryPhase.Terminated)])).ToArbitrary();

    /// <summary>Due now, valid and not in anybody's way, in a phase in which checks decide.</summary>
    internal static Arbitrary<SnapshotCase> Analysing { get; } =
        (from c in Of(Runs(CanaryPhase.Progressing, CanaryPhase.WaitingPromotion))
         select c with
         {
             Run = c.Run with { IsCopied = false, TargetMoved = false, Applied = SnapshotCase.Current, Promoted = "cf1-other" },
             Due = c.Due with { NextStep = -1 },
             Target = c.Target with { Exists = true },
             Spec = c.Spec with { Suspend = false },
             Trouble = c.Trouble with { IsDeleted = false, IsInvalid = false, HasOwner = false, IsBlocked = false },
         }).ToArbitrary();

    /// <summary>Somebody deleted the primary, and nothing else is in the way.</summary>
    internal static Arbitrary<SnapshotCase> WithoutPrimary { get; } =
        (from c in Of(Runs([.. Enum.GetValues<CanaryPhase>().Where(phase => PhaseTransitions.IsAtRest(phase) || PhaseTransitions.IsRunning(phase)).Except([CanaryPhase.Terminated])]))
         select c with
         {
             Due = c.Due with { SpecSeen = true },
             Primary = c.Primary with { Exists = false },
             Target = c.Target with { Exists = true },
             Spec = c.Spec with { Suspend = false },
             Trouble = c.Trouble with { IsDeleted = false, IsInvalid = false, HasOwner = false, IsBlocked = false },
         }).ToArbitrary();

    private static Gen<bool> Flag => Gen.Elements(false, true);

    private static Gen<bool> Rare => Gen.Choose(1, 15).Select(n => n == 1);

    private static Gen<int> Weight => Gen.Elements(0, 1, 10, 45, 50, 60, 99, 100);

    private static Gen<string?> Hash => Gen.Elements<string?>(SnapshotCase.Current, SnapshotCase.Current, "cf1-other", "cf1-third", "foreign", null);

    private static Gen<int?> Seconds => Gen.Elements<int?>(null, -100, -1, 0, 30);

    private static Gen<PodsCase> Pods =>
        from exists in Gen.Choose(1, 8)
        from wanted in Gen.Elements(0, 1, 2, 2, 2)
        from ready in Gen.Choose(0, wanted)
        from isStuck in Rare
        select new PodsCase(exists > 1, wanted, ready, isStuck);

    private static Gen<SpecCase> Spec =>
        from step in Gen.Elements(1, 10, 30, 100)
        from hasLadder in Rare
        from promotion in Gen.Elements(0, 0, 20, 60)
        from skip in Rare
        from suspend in Rare
        from primaryReady in Gen.Elements(100, 100, 50, 0)
        from canaryReady in Gen.Elements(100, 100, 50, 0)
        from hasScaler in Flag
        select new SpecCase(step, hasLadder, promotion, skip, suspend, primaryReady, canaryReady, hasScaler);

    private static Gen<DueCase> Due =>
        from next in Gen.Elements<int?>(null, -1, -1, 0, 30)
        from deadline in Seconds
        from waits in Gen.Elements(0, 0, 4)
        from traffic in Seconds
        from isSeen in Gen.Elements(true, true, true, false)
        select new DueCase(next, deadline, waits, traffic, isSeen);

    private static Gen<TroubleCase> Trouble =>
        from isDeleted in Rare
        from isInvalid in Rare
        from hasOwner in Rare
        from isBlocked in Rare
        from hasServices in Flag
        from route in Gen.Elements<int?>(null, 0, 10, 50, 100)
        select new TroubleCase(isDeleted, isInvalid, hasOwner, isBlocked, hasServices, route);

    private static Gen<OutsideCase> Outside =>
        from hooks in Gen.Choose(0, 255)
        from none in Flag
        from yes in Gen.Choose(0, 255)
        from metric in Gen.Choose(0, 4)
        select new OutsideCase(none ? 0 : hooks, yes, metric);

    private static Gen<RunCase> Runs(params CanaryPhase[] phases) =>
        from phase in Gen.Elements(phases)
        from weight in Weight
        from failed in Gen.Choose(0, 5)
        from applied in Hash
        from promoted in Hash
        from isCopied in Rare
        from moved in Flag
        select new RunCase(phase, weight, failed, applied, promoted, isCopied, moved);

    private static Gen<SnapshotCase> Of(Gen<RunCase> runs) =>
        from run in runs
        from due in Due
        from target in Pods
        from primary in Pods
        from spec in Spec
        from outside in Outside
        from trouble in Trouble
        select new SnapshotCase(run, due, target, primary, spec, outside, trouble);
}
