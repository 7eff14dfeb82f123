using static CanaryFunctions.Platform.Hosting.Settings.SettingTable;

namespace CanaryFunctions.Platform.Hosting.Settings;

/// <summary>
/// Every setting that there is. From here come the tables of docs/configuration.md and the ConfigMap of infra/kustomize/base; a test compares it with what is read.
/// </summary>
public static class SettingList
{
    private const string Bus = "ServiceBus";
    private const string Storage = "AzureWebJobsStorage";

    public static IReadOnlyList<Setting> All { get; } =
    [
        new(Common, "cluster to work on; the flag names one file, the variable a list as for kubectl", "KUBECONFIG")
            { Flag = "kubeconfig", Default = "in a pod: the service account; else `~/.kube/config`", IsShared = false },
        new(Common, "routing provider of Canaries that name none; without it such a Canary is refused", "MESH_PROVIDER") { Flag = "mesh-provider" },
        new(Common, "Prometheus of built-in and inline checks", "METRICS_SERVER") { Flag = "metrics-server", Value = "http://prometheus:9090" },
        new(Common, "the only namespace looked at", "NAMESPACE") { Flag = "namespace", Default = "all" },
        new(Common, "label keys that may select the target's pods, in this order", "SELECTOR_LABELS") { Flag = "selector-labels", Value = "app,name,app.kubernetes.io/name" },
        new(Common, "comma list of prefixes of labels and annotations that the primary gets; `*` for all", "INCLUDE_LABEL_PREFIX") { Flag = "include-label-prefix" },
        new(Common, "shown in alerts and event hooks", "CLUSTER_NAME") { Flag = "cluster-name" },
        new(Common, "templates and alert providers of other namespaces are refused", "NO_CROSS_NAMESPACE_REFS") { Flag = "no-cross-namespace-refs", Value = "false" },
        new(Common, "told of every event of Canaries without event hooks of their own; secret", "EVENT_WEBHOOK_URL") { Flag = "event-webhook", IsSecret = true },
        new(Common, "Slack webhook, or `chat.postMessage` with a token; secret", "SLACK_URL") { Flag = "slack-url", IsSecret = true },
        new(Common, "bot token; secret", "SLACK_TOKEN") { Flag = "slack-token", IsSecret = true },
        new(Common, "name shown", "SLACK_USER") { Flag = "slack-user", Value = "flagger" },
        new(Common, "channel", "SLACK_CHANNEL") { Flag = "slack-channel", Value = "general" },
        new(Common, "HTTP proxy for Slack; secret", "SLACK_PROXY_URL") { Flag = "slack-proxy-url", IsSecret = true },
        new(Common, "Teams Workflows or connector URL; secret", "MSTEAMS_URL") { Flag = "msteams-url", IsSecret = true },
        new(Common, "HTTP proxy for Teams; secret", "MSTEAMS_PROXY_URL") { Flag = "msteams-proxy-url", IsSecret = true },
        new(Common, "an analysis interval below it counts as this", "MINIMUM_INTERVAL") { Flag = "minimum-interval", Value = "10s" },
        new(Common, "1 to 1000: divides waits, deadlines and windows. Only for an embedded cluster", "SPEED") { Flag = "speed", Value = "1" },
        new(Common, "how Services of the cluster are reached from outside: comma list of `service.namespace=URL`", "SERVICE_MAP") { Flag = "service-map" },
        new(Common, "HTTP proxy that knows the cluster's names, for Services that the map has not; secret", "CLUSTER_PROXY") { Flag = "cluster-proxy", IsSecret = true },
        new(Common, "Services that neither map nor proxy reaches: `direct`, `api-proxy` (through the API server), or `auto`: direct in a pod, else `api-proxy`", "SERVICE_ACCESS")
            { Flag = "service-access", Value = "auto" },
        new(Common, "whether this program looks every 30 seconds for what is due, stuck or new; replicas share that by Leases", "SWEEP")
            { Flag = "sweep", Default = "`true`, for the webhook `false`" },
        new(Common, "`debug`, `info`, `warning`, `error`", "LOG_LEVEL") { Flag = "log-level", Value = "info" },

        new(Queue, "`inprocess`, `servicebus` or `storage`; in process, nothing comes from another program", "Canary__Queue")
            { Value = "inprocess", Default = "as published, else `inprocess`" },
        new(Queue, "name of the connection below", "Canary__QueueConnection") { Default = "`ServiceBus` or `Storage`, by the queue" },
        new(Queue, "failures before a message goes to the poison queue, 1 to 100", "Canary__QueueMaxDeliveries") { Value = "10" },
        new(Queue, "how long a Storage queue hides the message of a worker that died, `3s` to `1h`; on Service Bus that is the queue's lock duration", "Canary__QueueVisibilityTimeout") { Value = "1m" },
        new(Queue, "the Service Bus queues detect duplicates, so that a send may be repeated", "Canary__QueueDuplicateDetection") { Value = "true" },
        new(Queue, "connection string of the namespace, with the rights Send and Listen; secret", Bus) { IsSecret = true },
        new(Queue, "instead of the string: the namespace's host, such as `name.servicebus.windows.net`, reached by an identity", $"{Bus}__fullyQualifiedNamespace"),
        new(Queue, "connection string of the account; under the Functions host also that of the host itself, for the timer's lease; secret", Storage) { IsSecret = true },
        new(Queue, "instead of the string: the account, reached by an identity", $"{Storage}__accountName"),
        new(Queue, "instead of the account's name: the URL of its queues", $"{Storage}__queueServiceUri", $"{Storage}__serviceUri"),
        new(Queue, "`managedidentity` or `workloadidentity`", OfBoth("credential")) { Default = "what `Azure.Identity` finds" },
        new(Queue, "client id of the identity", OfBoth("clientId")) { Default = "the pod's `AZURE_CLIENT_ID`, or the system's identity" },
        new(Queue, "tenant of the identity", OfBoth("tenantId")) { Default = "the pod's `AZURE_TENANT_ID`" },
        new(Queue, "file with the pod's token, for `workloadidentity`", OfBoth("tokenFilePath")) { Default = "the pod's `AZURE_FEDERATED_TOKEN_FILE`" },
        new(Queue, "secret of an app registration, beside its tenant and client id; secret", OfBoth("clientSecret")) { IsSecret = true },
        new(Queue, "one of the three, for `managedidentity`: which of the user-assigned identities", OfBoth("managedIdentityClientId", "managedIdentityResourceId", "managedIdentityObjectId")),
        new(Queue, "put there by AKS workload identity", "AZURE_CLIENT_ID", "AZURE_TENANT_ID", "AZURE_FEDERATED_TOKEN_FILE") { Default = "set by the cluster", IsShared = false },

        new(Clusters, "kubeconfig of the cluster: a file, or its text; secret", OfCluster("KUBECONFIG")) { IsSecret = true },
        new(Clusters, "context to use; alone, of the install's kubeconfig", OfCluster("CONTEXT")) { Default = "the current one", IsShared = false },
        new(Clusters, "instead of a kubeconfig: address of the API server, with `ENTRA`", OfCluster("SERVER")) { IsShared = false },
        new(Clusters, "CA of that server: PEM, PEM in base64, or a file", OfCluster("CA")) { Default = "the machine's", IsShared = false },
        new(Clusters, "sign in by Entra ID, as AKS takes it; wins over the kubeconfig's user", OfCluster("ENTRA")) { Value = "false", IsShared = false },
        new(Clusters, "scope of that token", OfCluster("SCOPE")) { Default = "that of AKS", IsShared = false },
        new(Clusters, "which identity, as for a queue's connection", OfCluster("credential", "clientId", "tenantId", "tokenFilePath")) { Default = "what `Azure.Identity` finds", IsShared = false },
        new(Clusters, "the cluster that the pod is in", OfCluster("IN_CLUSTER")) { Value = "false", IsShared = false },
        new(Clusters, "namespace of Services that are named without one", OfCluster("SERVICE_NAMESPACE")) { Default = "the kubeconfig's", IsShared = false },

        new(FunctionsHost, "must be `custom`", "FUNCTIONS_WORKER_RUNTIME") { IsShared = false },
        new(FunctionsHost, "with an identity: where the host keeps the timer's lease, beside `AzureWebJobsStorage__queueServiceUri`", $"{Storage}__blobServiceUri") { IsShared = false },
        new(FunctionsHost, "`true` where the webhook sweeps, so that the app can go to sleep between releases", "AzureWebJobs.SweepRollouts.Disabled") { Value = "false", IsShared = false },
        new(FunctionsHost, "port of the loopback address that the program serves", "FUNCTIONS_CUSTOMHANDLER_PORT") { Default = "set by the host", IsShared = false },

        new(Webhook, "port to listen on", "WEBHOOK_PORT") { Flag = "webhook-port", Value = "8443", Default = "in a pod `8443`, else a free one" },
        new(Webhook, "in a pod: name of its Service (port 443); its certificate is in the Secret `{name}-certificate`", "WEBHOOK_SERVICE") { Flag = "webhook-service", Value = "canary-webhook" },
        new(Webhook, "outside a cluster: host or address by which the API server reaches this machine", "WEBHOOK_HOST") { Flag = "webhook-host", Default = "loopback", IsShared = false },
        new(Webhook, "port of KEDA's external scaler; see [keda.md](keda.md)", "SCALER_PORT") { Flag = "scaler-port", Default = "not served" },
        new(Webhook, "the scaler speaks TLS, by the webhook's certificate", "SCALER_TLS") { Flag = "scaler-tls", Value = "false" },
        new(Webhook, "in a pod: name of the scaler's Service, for the certificate", "SCALER_SERVICE") { Flag = "scaler-service", Value = "canary-scaler" },
        new(Webhook, "plain HTTP port of `/healthz`, `/readyz` and `/metrics`", "PORT") { Flag = "port", Value = "8080", Default = "in a pod `8080`, else a free one" },
        new(Webhook, "folder with `tls.crt`, `tls.key` and perhaps `ca.crt`, such as a mounted Secret of cert-manager", "WEBHOOK_CERTIFICATE_FOLDER")
            { Flag = "webhook-certificate-folder", Default = "none: certificates of our own" },
        new(Webhook, "`namespace/name` of cert-manager's Certificate whose CA it writes into our registrations", "WEBHOOK_INJECT_CA_FROM") { Flag = "webhook-inject-ca-from" },
        new(Webhook, "how long reviews are answered after SIGTERM, while `/readyz` says no; at most `1m`", "WEBHOOK_DRAIN_DELAY")
            { Flag = "webhook-drain-delay", Value = "5s", Default = "in a pod `5s`" },
        new(Webhook, "outside a cluster: namespace of the Leases by which replicas share the sweep", "LEASE_NAMESPACE")
            { Flag = "lease-namespace", Value = "flagger-system", Default = "in a pod its own, else `flagger-system`", IsShared = false },
        new(Webhook, "namespace of the pod", "POD_NAMESPACE") { Default = "the service account's", IsShared = false },
        new(Webhook, "name of the pod, which names its Lease", "POD_NAME", "HOSTNAME") { Default = "the machine's", IsShared = false },
    ];

    private static string[] OfCluster(params string[] names) => [.. names.Select(name => $"CLUSTERS__name__{name}")];

    private static string[] OfBoth(params string[] names) => [.. ((string[])[Bus, Storage]).SelectMany(connection => names.Select(name => $"{connection}__{name}"))];
}
