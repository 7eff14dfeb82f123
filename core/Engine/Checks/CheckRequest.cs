using CanaryFunctions.Core.Canaries;

namespace CanaryFunctions.Core.Engine.Checks;

/// <summary>What a decision needs to know from outside before it can be made.</summary>
public abstract record CheckRequest
{
    private CheckRequest()
    {
    }

    /// <summary>Call the hooks in this order, up to the first that decides.</summary>
    /// <param name="Phase">The phase that the hooks are told (contracts/hooks-alerts.md 1.5).</param>
    /// <param name="StopAt">The answer after which the rest is not asked: false for gates and checks, true for rollback hooks.</param>
    public sealed record Hooks(HookType Type, IReadOnlyList<HookSpec> InOrder, string Phase, bool StopAt) : CheckRequest;

    /// <summary>Measure all metrics, at the same time.</summary>
    public sealed record Metrics(IReadOnlyList<MetricSpec> All) : CheckRequest;

    /// <summary>Ask the metric servers whether they answer.</summary>
    public sealed record Probe(IReadOnlyList<MetricSpec> All) : CheckRequest;
}
