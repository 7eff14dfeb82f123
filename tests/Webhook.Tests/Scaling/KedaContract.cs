using System.Collections.Frozen;

namespace CanaryFunctions.Webhook.Tests.Scaling;

/// <summary>What KEDA takes: the tables of contracts/azure-keda.md 4.4 and 4.5.</summary>
internal static class KedaContract
{
    public static readonly FrozenSet<string> SpecKeys = Set(
        "scaleTargetRef", "pollingInterval", "cooldownPeriod", "initialCooldownPeriod", "idleReplicaCount", "minReplicaCount", "maxReplicaCount", "fallback", "advanced", "triggers");

    public static readonly FrozenSet<string> TargetKeys = Set("apiVersion", "kind", "name", "envSourceContainerName");

    public static readonly FrozenSet<string> FallbackKeys = Set("failureThreshold", "replicas", "behavior");

    public static readonly FrozenSet<string> TriggerKeys = Set("type", "name", "metricType", "useCachedMetrics", "metadata", "authenticationRef");

    public static readonly FrozenSet<string> PodIdentityKeys = Set("provider", "identityId", "identityTenantId", "identityAuthorityHost");

    public static readonly FrozenSet<string> PodIdentityProviders = Set("azure-workload", "gcp", "aws", "aws-eks", "none");

    /// <summary>Metadata keys by the trigger's type. External triggers have ours besides: the product's own reader judges them.</summary>
    public static readonly FrozenDictionary<string, FrozenSet<string>> MetadataKeys = new Dictionary<string, FrozenSet<string>>
    {
        ["azure-servicebus"] = Set(
            "queueName", "topicName", "subscriptionName", "namespace", "messageCount", "activationMessageCount", "useRegex", "operation", "cloud", "endpointSuffix", "connectionFromEnv"),
        ["azure-queue"] = Set("queueName", "queueLength", "activationQueueLength", "queueLengthStrategy", "accountName", "connectionFromEnv", "cloud", "endpointSuffix"),
        ["external"] = Set("scalerAddress", "enableTLS", "unsafeSsl", "targetSize", "namespaces", "cluster"),
        ["external-push"] = Set("scalerAddress", "enableTLS", "unsafeSsl", "targetSize", "namespaces", "cluster"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Keys without which a trigger that signs in by identity cannot work.</summary>
    public static readonly FrozenDictionary<string, string[]> NeededKeys = new Dictionary<string, string[]>
    {
        ["azure-servicebus"] = ["queueName", "namespace"],
        ["azure-queue"] = ["queueName", "accountName"],
        ["external"] = ["scalerAddress"],
        ["external-push"] = ["scalerAddress"],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static FrozenSet<string> Set(params string[] keys) => keys.ToFrozenSet(StringComparer.Ordinal);
}
