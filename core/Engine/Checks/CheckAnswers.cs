using CanaryFunctions.Core.Canaries;

namespace CanaryFunctions.Core.Engine.Checks;

/// <summary>What the outside said so far in this step. Absent means not asked yet.</summary>
public sealed record CheckAnswers
{
    public static readonly CheckAnswers None = new();

    /// <summary>By type, in the order asked; shorter than the list of hooks when one decided.</summary>
    public IReadOnlyDictionary<HookType, IReadOnlyList<HookAnswer>> Hooks { get; init; } = new Dictionary<HookType, IReadOnlyList<HookAnswer>>();

    public IReadOnlyList<MetricAnswer>? Metrics { get; init; }

    /// <summary>Problems of the metric servers; empty when all answer.</summary>
    public IReadOnlyList<string>? ProbeProblems { get; init; }

    /// <summary>A hook that there is no way to, unless another one decided without it; null when there is none.</summary>
    public HookAnswer? Unreachable => Hooks
        .Where(type => type.Key != HookType.Rollback || !type.Value.Any(a => a.Passed))
        .SelectMany(type => type.Value)
        .FirstOrDefault(a => a.IsUnreachable);

    public CheckAnswers With(HookType type, IReadOnlyList<HookAnswer> answers)
        => this with { Hooks = new Dictionary<HookType, IReadOnlyList<HookAnswer>>(Hooks) { [type] = answers } };
}

/// <summary>One hook's answer.</summary>
/// <param name="Text">The body or the error when it said no.</param>
public sealed record HookAnswer(HookSpec Hook, bool Passed, string Text)
{
    /// <summary>It was not asked: there is no way from here to it, and the text says why.</summary>
    public bool IsUnreachable { get; init; }
}
