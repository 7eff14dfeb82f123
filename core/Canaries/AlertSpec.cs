using System.Text.Json.Nodes;
using CanaryFunctions.Core.Notifying;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Canaries;

/// <summary>One entry of <c>analysis.alerts</c>.</summary>
/// <param name="Severity">The least severity that is sent. Absent means info: everything (the documented default).</param>
/// <param name="ProviderNamespace">Null when it is the Canary's.</param>
public sealed record AlertSpec(string Name, AlertSeverity Severity, string ProviderName, string? ProviderNamespace)
{
    internal static AlertSpec Read(JsonNode node) => new(
        node.Text("name") ?? "",
        node.Text("severity") switch { "warn" => AlertSeverity.Warn, "error" => AlertSeverity.Error, _ => AlertSeverity.Info },
        node.Text("providerRef", "name") ?? "",
        node.Text("providerRef", "namespace"));
}
