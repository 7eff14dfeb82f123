using System.Text.Json.Nodes;

namespace CanaryFunctions.Core.Canaries;

/// <summary>
/// <c>Canary.status</c>: the contract's fields (contracts/core.md 1.6) and our own. It is the whole memory of a release, so it survives whatever a
/// function can suffer. Unknown fields are kept. Bounded: see <see cref="StatusJson"/>.
/// </summary>
public sealed record CanaryStatus
{
    // A step that comes this soon takes along what was said before it: that saves a write.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    public CanaryPhase Phase { get; init; }

    /// <summary>Failed checks of the run so far, and of the last run while none is under way.</summary>
    public int FailedChecks { get; init; }

    /// <summary>The canary's recorded share in percent. Plans start from it, never from the routes.</summary>
    public int CanaryWeight { get; init; }

    public int Iterations { get; init; }

    /// <summary>Hash of the target's template that was taken up last.</summary>
    public string? LastAppliedSpec { get; init; }

    /// <summary>Hash of the target's template that was promoted last.</summary>
    public string? LastPromotedSpec { get; init; }

    /// <summary>When <see cref="Phase"/> changed last.</summary>
    public DateTimeOffset? LastTransitionTime { get; init; }

    public IReadOnlyList<Condition> Conditions { get; init; } = [];

    /// <summary><c>metadata.generation</c> of the Canary that was acted on last.</summary>
    public long ObservedGeneration { get; init; }

    /// <summary><c>metadata.generation</c> of the target when <see cref="LastAppliedSpec"/> was taken. A changed hash without a newer generation is no change of anybody's.</summary>
    public long TargetGeneration { get; init; }

    /// <summary><c>metadata.generation</c> of the target when it was looked at last.</summary>
    public long ObservedTargetGeneration { get; init; }

    /// <summary>Id of the run, made of uid, revision and start; null before the first run.</summary>
    public string? RunId { get; init; }

    /// <summary>Who asked for the run's revision, as the admission webhook saw it; null when it did not.</summary>
    public string? StartedBy { get; init; }

    /// <summary>Counts status writes that decided something. Orders events and tells a late writer that it is late.</summary>
    public long Step { get; init; }

    /// <summary>When the next look is due; null at rest. A delivery before it does nothing unless something new is seen.</summary>
    public DateTimeOffset? NextStepAt { get; init; }

    /// <summary>When the track that is waited for has to be ready; null while nothing is waited for.</summary>
    public DateTimeOffset? DeadlineAt { get; init; }

    /// <summary>Looks in a row that found the same wait; spaces the next ones.</summary>
    public int Waits { get; init; }

    /// <summary>When the canary first got traffic in this run. No data within one window of it is no failure.</summary>
    public DateTimeOffset? TrafficSince { get; init; }

    /// <summary>Hooks that said yes and need not be asked again at this weight, and texts said once a run: <c>type/name</c>.</summary>
    public IReadOnlyList<string> PassedHooks { get; init; } = [];

    /// <summary>The last measurements, newest last: the evidence behind a halt.</summary>
    public IReadOnlyList<Measurement> Measurements { get; init; } = [];

    /// <summary>
    /// What this status decided: written with the decision, sent, then cleared, by the next step if that comes soon. A notice that only a process' memory has
    /// stays until its receivers were told.
    /// </summary>
    public IReadOnlyList<OutboxEntry> Outbox { get; init; } = [];

    /// <summary>Ids of notices that their receivers took, newest last.</summary>
    public IReadOnlyList<string> Deliveries { get; init; } = [];

    /// <summary>Deliveries that somebody is at.</summary>
    public IReadOnlyList<DeliveryClaim> Claims { get; init; } = [];

    /// <summary>Fields that are not ours, kept as they are.</summary>
    public JsonObject Others { get; init; } = [];

    /// <summary>The release failed, and there was no primary to go back to.</summary>
    public bool CanaryServesAlone => Phase == CanaryPhase.Failed && CanaryWeight == 100;

    /// <summary>Whether the next step comes so soon that it clears the outbox in passing; else somebody has to come for it.</summary>
    public bool ClearsSoon(DateTimeOffset now) => NextStepAt - now <= Soon;

    public Condition? Condition(string type) => Conditions.FirstOrDefault(c => c.Type == type);

    public static CanaryStatus Read(JsonObject? status) => StatusJson.Read(status);

    public JsonObject ToJson() => StatusJson.Write(this);
}

/// <summary>One value that a metric had.</summary>
/// <param name="Bound">The bound it was held against, as text, such as <c>&lt; 99</c>; null when it passed.</param>
public sealed record Measurement(string Metric, double Value, DateTimeOffset At, string? Bound);
