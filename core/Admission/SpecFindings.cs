namespace CanaryFunctions.Core.Admission;

/// <summary>What an examination of an object found.</summary>
/// <param name="Problems">Each of them makes the object unusable.</param>
/// <param name="Warnings">What will happen otherwise than its author may expect.</param>
public sealed record SpecFindings(IReadOnlyList<SpecProblem> Problems, IReadOnlyList<SpecProblem> Warnings);

/// <summary>Findings in the making.</summary>
internal sealed class SpecReport
{
    public List<SpecProblem> Problems { get; } = [];

    public List<SpecProblem> Warnings { get; } = [];

    public SpecFindings Findings => new(Problems, Warnings);
}
