namespace CanaryFunctions.Platform.Hosting.Publishing;

/// <summary>Names of the settings in which the Functions host, and this process, find their connections (contracts/azure-keda.md 1.13).</summary>
public static class HostConnections
{
    /// <summary>A connection string, or with <c>__fullyQualifiedNamespace</c> and its like after it an identity's.</summary>
    public const string ServiceBus = "ServiceBus";

    /// <summary>As above. The host looks for <c>AzureWebJobsStorage</c> first: the account that it needs for its leases at any rate.</summary>
    public const string Storage = "Storage";
}
