using CanaryFunctions.Webhook;
using Microsoft.Extensions.Configuration;

namespace CanaryFunctions.Infra.Tests.Settings;

/// <summary>What programs make of variables, by their own readers.</summary>
internal static class Programs
{
    /// <summary>As a pod has them: configuration knows <c>__</c> as <c>:</c>.</summary>
    public static IConfiguration Configuration(IReadOnlyDictionary<string, string> variables) => new ConfigurationBuilder()
        .AddInMemoryCollection([
            KeyValuePair.Create("KUBERNETES_SERVICE_HOST", (string?)"10.0.0.1"),
            .. variables.Select(v => KeyValuePair.Create(v.Key.Replace("__", ":", StringComparison.Ordinal), (string?)v.Value)),
        ])
        .Build();

    /// <summary>The webhook's own, in a pod of the namespace.</summary>
    public static WebhookOptions Webhook(IConfiguration configuration) => WebhookSettings.Read(configuration, "flagger-system");
}
