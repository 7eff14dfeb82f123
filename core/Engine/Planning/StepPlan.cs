using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Engine.Checks;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Engine.Planning;

/// <summary>What a look at a Canary comes to.</summary>
public abstract record StepDecision
{
    private StepDecision()
    {
    }

    /// <summary>More has to be known first.</summary>
    public sealed record Ask(CheckRequest Request) : StepDecision;

    /// <summary>There is nothing to do now.</summary>
    public sealed record Nothing(string Why) : StepDecision;

    /// <summary>Write this.</summary>
    public sealed record Write(StepPlan Plan) : StepDecision;
}

/// <summary>The writes of one step, in order: objects, then status; what the status' outbox holds is told after it.</summary>
/// <param name="Changes">Routes before scale; each with the resourceVersion that was read.</param>
/// <param name="Status">The next status, with <see cref="CanaryStatus.NextStepAt"/> and outbox.</param>
/// <param name="Finalizer">Whether the Canary's finalizer has to be put on, taken off, or left.</param>
public sealed record StepPlan(IReadOnlyList<ObjectChange> Changes, CanaryStatus Status, string Reason, FinalizerChange Finalizer = FinalizerChange.None);

public enum FinalizerChange
{
    None,

    /// <summary>Before anything is generated, so that deletion can put things back.</summary>
    Add,

    /// <summary>Last: with it the Canary and all that it owns go.</summary>
    Remove,
}
