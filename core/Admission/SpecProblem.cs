namespace CanaryFunctions.Core.Admission;

/// <summary>One thing that is wrong with an object somebody wrote.</summary>
/// <param name="Path">The field, such as <c>spec.analysis.threshold</c> or <c>spec.analysis.metrics[0].name</c>.</param>
/// <param name="Value">What stands there, shortened; empty when nothing does. Never a secret: URLs are cut behind their host.</param>
/// <param name="Problem">What is wrong and what is allowed, ending with a full stop.</param>
public sealed record SpecProblem(string Path, string Value, string Problem)
{
    public override string ToString() => $"{Path}: '{Value}' {Problem}";
}
