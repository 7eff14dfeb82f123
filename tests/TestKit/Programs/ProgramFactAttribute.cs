using Xunit;

namespace CanaryFunctions.TestKit.Programs;

/// <summary>A test that needs programs of the machine: skipped where one is missing, but never in CI, where <c>.ci/run</c> installs them.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ProgramFactAttribute : FactAttribute
{
    /// <param name="programs">Names as a shell would look them up, such as <c>kubectl</c>.</param>
    public ProgramFactAttribute(params string[] programs) => Skip = ProgramPath.WhySkip(programs);
}

/// <summary>As <see cref="ProgramFactAttribute"/>, with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ProgramTheoryAttribute : TheoryAttribute
{
    /// <param name="programs">Names as a shell would look them up, such as <c>kubectl</c>.</param>
    public ProgramTheoryAttribute(params string[] programs) => Skip = ProgramPath.WhySkip(programs);
}
