using CanaryFunctions.Core.Canaries;

namespace CanaryFunctions.Core.Engine.Planning;

/// <summary>The events' texts (contracts/core.md 3.2). Users match on them: they change only with the contract.</summary>
internal static class Messages
{
    internal const string MetricsAvailable = "all the metrics providers are available!";
    internal const string Suspended = "skipping canary run as object is suspended";
    internal const string RoutedToPrimary = "Routing all traffic to primary";

    internal static string MetricsUnavailable(IEnumerable<string> problems) => $"Error checking metric providers: {string.Join("; ", problems)}";

    internal static string InitializationDone(Canary c) => $"Initialization done! {c.Key}";

    internal static string NewRevision(Canary c) => $"New revision detected! Scaling up {Target(c)}";

    internal static string Restarting(Canary c) => $"New revision detected! Restarting analysis for {Target(c)}";

    internal static string Reverted(Canary c) => $"{Target(c)} is back at the promoted revision, ending the analysis";

    internal static string PrimaryNotReady(Canary c, string why) => $"{c.PrimaryName}.{c.Namespace} not ready: {why}";

    internal static string CanaryNotReady(Canary c, string why) => $"canary deployment {Target(c)} not ready: {why}";

    internal static string Starting(Canary c) => $"Starting canary analysis for {Target(c)}";

    internal static string Advance(Canary c, int weight) => $"Advance {c.Key} canary weight {weight}";

    internal static string AdvancePrimary(Canary c, int weight) => $"Advance {c.Key} primary weight {weight}";

    internal static string Copying(Canary c) => $"Copying {Target(c)} template spec to {c.PrimaryName}.{c.Namespace}";

    internal static string Promoted(Canary c) => $"Promotion completed! Scaling down {Target(c)}";

    internal static string PromotedWithoutAnalysis(Canary c) => $"Promotion completed! Canary analysis was skipped for {Target(c)}";

    internal static string ThresholdReached(Canary c, int failedChecks) => $"Rolling back {c.Key} failed checks threshold reached {failedChecks}";

    internal static string DeadlineExceeded(Canary c, string why) => $"Rolling back {c.Key} progress deadline exceeded {why}";

    internal static string ManualRollback(Canary c) => $"Rolling back {c.Key} manual webhook invoked";

    internal static string CanaryFailed(Canary c) => $"Canary failed! Scaling down {c.Key}";

    internal static string PromotionFailed(Canary c, string why) => $"Promotion of {Target(c)} failed, primary not ready: {why}";

    internal static string HookPassed(HookSpec hook) => $"{Capitalised(hook.TypeName)} check {hook.Name} passed";

    internal static string RollbackNotSignaled(HookSpec hook) => $"Rollback hook {hook.Name} not signaling a rollback";

    internal static string WaitingForApproval(Canary c, HookSpec hook) => $"Halt {c.Key} advancement waiting for {Approval(hook)} {hook.Name}";

    internal static string PreRolloutFailed(Canary c, HookSpec hook, string why) => $"Halt {c.Key} advancement pre-rollout check {hook.Name} failed {why}";

    internal static string RolloutFailed(Canary c, HookSpec hook, string why) => $"Halt {c.Key} advancement external check {hook.Name} failed {why}";

    internal static string HookUnreachable(Canary c, HookSpec hook, string why) => $"Halt {c.Key} advancement {hook.TypeName} hook {hook.Name} cannot be reached: {why}";

    internal static string WaitingForValues(Canary c, string metric) => $"Waiting for the first values of metric {metric}, {Target(c)} has only just got traffic";

    internal static string Terminating(Canary c) => $"Terminating canary {c.Key}";

    internal static string Terminated(Canary c) => $"Terminated canary {c.Key}";

    internal static string PrimaryKept(Canary c)
        => $"{Target(c)} did not become ready: {c.PrimaryName} keeps serving and is left in place, delete it once {Target(c)} is ready";

    private static string Target(Canary c) => $"{c.TargetName}.{c.Namespace}";

    private static string Capitalised(string text) => string.Concat(char.ToUpperInvariant(text[0]).ToString(), text.AsSpan(1));

    private static string Approval(HookSpec hook) => hook.Type switch
    {
        HookType.ConfirmPromotion => "promotion approval",
        HookType.ConfirmTrafficIncrease => "traffic increase approval",
        _ => "approval",
    };
}
