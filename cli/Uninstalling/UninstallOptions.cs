namespace CanaryFunctions.Cli.Uninstalling;

/// <summary>What goes besides the program itself.</summary>
/// <param name="Namespace">Where it is installed.</param>
/// <param name="DeleteCanaries">Every Canary is deleted while the program still runs, so that each application gets back what it had.</param>
/// <param name="DeleteDefinitions">The definitions, and with them all Canaries, MetricTemplates and AlertProviders.</param>
internal sealed record UninstallOptions(string Namespace, bool DeleteCanaries, bool DeleteDefinitions)
{
    /// <summary>For the Canaries' deletion, and for the pods' end. Wall clock.</summary>
    internal TimeSpan Limit { get; init; } = TimeSpan.FromMinutes(10);
}
