using System.Text.Json.Nodes;

namespace CanaryFunctions.Core.Admission;

/// <summary>The answer to one review, and what to do after it.</summary>
public sealed record AdmissionDecision
{
    private const int MaxListed = 25;

    private AdmissionDecision(bool isAllowed) => IsAllowed = isAllowed;

    public bool IsAllowed { get; }

    /// <summary>Why it is denied, for people; null when it is allowed.</summary>
    public string? Message { get; private init; }

    /// <summary>What is wrong, field by field, cut where there is no end to it; empty when it is allowed.</summary>
    public IReadOnlyList<SpecProblem> Problems { get; private init; } = [];

    /// <summary>JSON Patch to apply; null for none.</summary>
    public JsonArray? Patch { get; private init; }

    /// <summary>Shown by kubectl; the write goes through.</summary>
    public IReadOnlyList<string> Warnings { get; private init; } = [];

    /// <summary>Canaries to look at once the answer is out.</summary>
    public IReadOnlyList<StepHint> Hints { get; private init; } = [];

    public static AdmissionDecision Allow { get; } = new(true);

    public static AdmissionDecision AllowWarning(IReadOnlyList<string> warnings) => Allow with { Warnings = warnings };

    public static AdmissionDecision AllowHinting(IReadOnlyList<StepHint> hints) => Allow with { Hints = hints };

    /// <summary>Allowed as changed by the patch; an empty patch is none.</summary>
    public static AdmissionDecision AllowPatched(JsonArray patch) => patch.Count == 0 ? Allow : Allow with { Patch = patch };

    /// <summary>Denied, listing every problem.</summary>
    /// <param name="subject">What was written, such as <c>canary podinfo.test</c>.</param>
    public static AdmissionDecision Deny(string subject, IReadOnlyList<SpecProblem> problems)
    {
        IReadOnlyList<SpecProblem> listed = problems.Count <= MaxListed ? problems
            : [.. problems.Take(MaxListed), new("spec", "", $"has {problems.Count - MaxListed} more problems, which are listed once these are mended.")];
        var message = problems.Count == 1
            ? $"{subject} has a problem: {problems[0]}"
            : $"{subject} has {problems.Count} problems:{string.Concat(listed.Select(p => $"\n- {p}"))}";
        return new(false) { Message = message, Problems = listed };
    }

    /// <summary>Denied because the review itself cannot be understood.</summary>
    public static AdmissionDecision Refuse(string message) => new(false) { Message = message };
}
