using CanaryFunctions.Cluster.Tests.RealParts;

namespace CanaryFunctions.Cluster.Tests.Faults;

/// <summary>A run of many minutes that somebody asks for by <c>CANARY_FAULT_CAMPAIGN</c>, which names the file that gets the report.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CampaignFactAttribute : FactAttribute
{
    private const string Variable = "CANARY_FAULT_CAMPAIGN";

    public CampaignFactAttribute() => Skip = ReportFile is null ? $"takes many minutes; to run it let {Variable} name the report's file, such as docs/reliability.md by its full path." : Assets.WhySkip;

    internal static string? ReportFile => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } file ? file : null;

    /// <summary>Whether <c>CANARY_FAULTS</c>, a comma list of the faults' classes, has it; all are played where it is not set.</summary>
    internal static bool Plays(Fault fault) => Environment.GetEnvironmentVariable("CANARY_FAULTS") is not { Length: > 0 } some || some.Split(',').Contains(fault.GetType().Name);
}
