namespace CanaryFunctions.Platform.Hosting.Settings;

/// <summary>One setting that cannot be used.</summary>
/// <param name="Name">The setting's name, as the contract writes it.</param>
/// <param name="Value">What it holds; <c>(hidden)</c> where that is a secret.</param>
/// <param name="Problem">What is wrong, and what is allowed.</param>
public sealed record SettingProblem(string Name, string Value, string Problem)
{
    public override string ToString() => $"{Name}: '{Value}' {Problem}";
}

/// <summary>Settings that cannot be used, all of them at once.</summary>
public sealed class SettingsException(IReadOnlyList<SettingProblem> problems)
    : Exception($"{(problems.Count == 1 ? "A setting" : $"{problems.Count} settings")} cannot be used.{Environment.NewLine}{string.Join(Environment.NewLine, problems)}")
{
    public IReadOnlyList<SettingProblem> Problems { get; } = problems;
}
