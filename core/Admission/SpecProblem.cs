namespace CanaryFunctions.Core.Admission;

/// <summary>One thing that is wrong with an object somebody wrote, or that its author should know.</summary>
/// <param name="Path">The field, such as <c>spec.analysis.threshold</c> or <c>spec.analysis.metrics[0].name</c>.</param>
/// <param name="Value">What stands there, shortened; empty when nothing does, or when it does not matter. Never a secret: URLs are cut behind their host.</param>
/// <param name="Problem">What is wrong and what is allowed: the end of a sentence that begins with path and value, with a full stop.</param>
public sealed record SpecProblem(string Path, string Value, string Problem)
{
    private const string Verb = "is ";

    /// <summary>Without the path, as it reads behind <c>path: </c>, which is how kubectl prints it.</summary>
    public string Message => Value.Length > 0 ? $"'{Value}' {Problem}"
        : Problem.StartsWith(Verb, StringComparison.Ordinal) ? Problem[Verb.Length..]
        : Problem;

    public override string ToString() => Value.Length > 0 ? $"{Path}: '{Value}' {Problem}" : $"{Path} {Problem}";
}
