using System.Globalization;
using CanaryFunctions.Core.Admission;
using CanaryFunctions.Webhook.Hints;
using CanaryFunctions.Webhook.Registration;

namespace CanaryFunctions.Webhook.Health;

/// <summary>Whether this process should be sent reviews, part by part, each with its reason.</summary>
internal sealed class Readiness(TargetIndex index, KeeperState keeper, HintMetrics hints, bool hasQueue, WebhookOptions options, TimeProvider time)
{
    // Two looks may fail before the API server counts as out of reach.
    private const int LooksMissed = 3;

    private volatile bool _isDraining;

    /// <summary>From now on the answer is no: the process ends.</summary>
    public void Drain() => _isDraining = true;

    /// <summary>Why what the watches told may be out of date; null while the API server answers.</summary>
    public string? ApiServerProblem() => ApiServer(keeper.Facts, time.GetUtcNow()) is { IsFailed: true } part ? part.Reason : null;

    public IReadOnlyList<ReadinessPart> Parts()
    {
        var (facts, now) = (keeper.Facts, time.GetUtcNow());
        return [Certificate(facts, now), ApiServer(facts, now), Index(), Registration(facts), Queue(), Shutdown()];
    }

    private static ReadinessPart Certificate(KeeperFacts facts, DateTimeOffset now)
        => facts.CertificateUntil is not { } until ? ReadinessPart.Failed("certificate", "none yet")
            : until <= now ? ReadinessPart.Failed("certificate", $"ended at {Text(until)}")
            : ReadinessPart.Ok("certificate", $"until {Text(until)}");

    private ReadinessPart ApiServer(KeeperFacts facts, DateTimeOffset now)
    {
        var limit = LooksMissed * options.Resync;
        return facts.LookedAt is { } at && now - at <= limit
            ? ReadinessPart.Ok("api-server", facts.Failure is null ? $"answered at {Text(at)}" : $"answered at {Text(at)}; since then: {facts.Failure}")
            : ReadinessPart.Failed("api-server", facts.Failure ?? $"no answer for {limit}");
    }

    private ReadinessPart Index() => index.IsSynced
        ? ReadinessPart.Ok("index", "all lists are read")
        : ReadinessPart.Failed("index", "lists of Canaries, targets and what Canaries refer to are not read yet");

    private static ReadinessPart Registration(KeeperFacts facts)
        => facts.LookedAt is null ? ReadinessPart.Failed("registration", "not written yet")
            : facts.IsRegistered ? ReadinessPart.Ok("registration", "stands")
            : ReadinessPart.Failed("registration", "another process has taken it over");

    // Never a reason to be sent no reviews: without them Canaries could not be written at all, while a lost hint costs a sweep's time.
    private ReadinessPart Queue()
        => !hasQueue ? ReadinessPart.Ok("queue", "none is configured; the sweep finds changes")
            : hints.FailuresInARow is var failures and > 0 ? ReadinessPart.Degraded("queue", string.Create(CultureInfo.InvariantCulture, $"did not take the last {failures} hints; the sweep finds those changes"))
            : ReadinessPart.Ok("queue", hints.CountOf(HintResult.Sent) > 0 ? "took the last hint" : "nothing sent yet");

    private ReadinessPart Shutdown() => _isDraining ? ReadinessPart.Failed("shutdown", "the process ends") : ReadinessPart.Ok("shutdown", "not asked for");

    private static string Text(DateTimeOffset at) => Core.Objects.KubeObject.Timestamp(at);
}

/// <summary>One line of <c>/readyz</c>, in the form of Kubernetes' own.</summary>
/// <param name="Mark"><c>+</c> for well, <c>!</c> for not well but no reason to send no reviews, <c>-</c> for not ready.</param>
internal sealed record ReadinessPart(string Name, char Mark, string Reason)
{
    public bool IsFailed => Mark == '-';

    public static ReadinessPart Ok(string name, string reason) => new(name, '+', reason);

    public static ReadinessPart Degraded(string name, string reason) => new(name, '!', reason);

    public static ReadinessPart Failed(string name, string reason) => new(name, '-', reason);

    public override string ToString() => $"[{Mark}]{Name} {(Mark switch { '+' => "ok", '!' => "degraded", _ => "failed" })}: {Reason}";
}
