using System.Net;

namespace CanaryFunctions.Webhook;

/// <summary>How the admission server runs.</summary>
public sealed record WebhookOptions
{
    /// <summary>Port to listen on; 0 for any free one.</summary>
    public int Port { get; init; }

    /// <summary>Address to listen on. In a cluster: <see cref="IPAddress.Any"/>.</summary>
    public IPAddress Listen { get; init; } = IPAddress.Loopback;

    /// <summary>Host names and IP addresses that the certificate is for. By the first one the API server calls a process outside the cluster.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = ["127.0.0.1", "localhost"];

    /// <summary>Whether to write the webhook configurations.</summary>
    public bool Register { get; init; } = true;

    /// <summary>
    /// The process runs outside the cluster: it is registered by URL, with failure policy Ignore, holds its certificate in memory, and takes its configurations
    /// away when it ends. Inside, it is registered by its Service and shares certificate and configurations with its replicas.
    /// </summary>
    public bool Outside { get; init; } = true;

    /// <summary>Namespace that the process runs in; null outside. Its writes are no releases.</summary>
    public string? OwnNamespace { get; init; }

    /// <summary>Name of the Service in <see cref="OwnNamespace"/>, port 443.</summary>
    public string ServiceName { get; init; } = "canary-webhook";

    /// <summary>Name of the Secret in <see cref="OwnNamespace"/> that holds CA and certificate.</summary>
    public string SecretName { get; init; } = "canary-webhook-certificate";

    /// <summary>How long hints gather after an answer before they are sent, so that the write they tell of is stored when the step reads. Wall clock.</summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Canaries that can wait for their hint to be sent. More are left to the sweep.</summary>
    public int HintCapacity { get; init; } = 10_000;

    /// <summary>How long the start waits for the index to fill. Wall clock.</summary>
    public TimeSpan IndexPatience { get; init; } = TimeSpan.FromSeconds(10);
}
