namespace CanaryFunctions.Functions.Tests.Host;

/// <summary>App settings.</summary>
internal static class Settings
{
    /// <summary>Of a broker that is not there.</summary>
    internal static string ConnectionOf(string queue) => queue == "storage"
        ? "UseDevelopmentStorage=true"
        : "Endpoint=sb://127.0.0.1:9;SharedAccessKeyName=all;SharedAccessKey=all-key;UseDevelopmentEmulator=true;";

    /// <summary>Of an app on Service Bus.</summary>
    /// <param name="kubeconfig">A file.</param>
    internal static Dictionary<string, string> Of(string kubeconfig, string? connection = null) => new()
    {
        ["FUNCTIONS_WORKER_RUNTIME"] = "custom",
        ["ServiceBus"] = connection ?? ConnectionOf("servicebus"),
        ["KUBECONFIG"] = kubeconfig,
        ["MESH_PROVIDER"] = "skipper",
    };
}
