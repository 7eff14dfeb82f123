using System.Net;
using CanaryFunctions.Webhook.Certificates;
using CanaryFunctions.Webhook.Scaling;

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

    /// <summary>Tells replicas apart; in a pod its name.</summary>
    public string Identity { get; init; } = "webhook";

    /// <summary>How certificates are made, changed, or found.</summary>
    public CertificateOptions Certificates { get; init; } = new();

    /// <summary>
    /// How often certificate and registration are looked at where no watch tells of a change, and this replica is reported to be alive. Wall clock, and so are all
    /// durations here.
    /// </summary>
    public TimeSpan Resync { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long changes gather before certificate and registration are looked at.</summary>
    public TimeSpan Gather { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Plain HTTP port of <c>/healthz</c>, <c>/readyz</c> and <c>/metrics</c>; 0 for any free one.</summary>
    public int HealthPort { get; init; }

    /// <summary>KEDA's external scaler; null for not served.</summary>
    public ScalerOptions? Scaler { get; init; }

    /// <summary>
    /// How long the process goes on answering reviews once it is told to end and <c>/readyz</c> says no: until then the Service may still send it some.
    /// </summary>
    public TimeSpan DrainDelay { get; init; } = TimeSpan.Zero;

    /// <summary>How long a body may come in too slowly before it is refused. Above 1 s.</summary>
    public TimeSpan SlowBodyGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long hints gather after an answer before they are sent, so that the write they tell of is stored when the step reads. Wall clock.</summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Canaries that can wait for their hint to be sent. More are left to the sweep.</summary>
    public int HintCapacity { get; init; } = 10_000;

    /// <summary>How long the start waits for the index to fill. Wall clock.</summary>
    public TimeSpan IndexPatience { get; init; } = TimeSpan.FromSeconds(10);
}
