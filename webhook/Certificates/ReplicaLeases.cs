using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Webhook.Certificates;

/// <summary>
/// One Lease a replica: that it lives, and which serving certificate it serves. By them the replica that changes the CA knows when the former one is no longer
/// needed; of a replica that died the Lease runs out.
/// </summary>
internal sealed class ReplicaLeases(IClusterClient cluster, WebhookOptions options, TimeProvider time)
{
    private const string ServiceLabel = "canary-functions.io/webhook";
    private const string ServesAnnotation = "canary-functions.io/serves";

    // Pods that ended without a word leave theirs; clocks differ, so only what is long dead is taken away.
    private const int DeadAfterTimeouts = 10;

    private readonly string _ns = options.OwnNamespace ?? "";
    private readonly string _name = $"{options.ServiceName}-{options.Identity}";

    /// <summary>This replica lives, and serves the certificate.</summary>
    /// <param name="fingerprint">Null before it serves any.</param>
    /// <exception cref="ClusterException">The API server refuses or cannot be reached.</exception>
    public async Task ReportAsync(string? fingerprint, CancellationToken ct)
    {
        var change = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["labels"] = new JsonObject { [ServiceLabel] = options.ServiceName },
                ["annotations"] = new JsonObject { [ServesAnnotation] = fingerprint ?? "" },
            },
            ["spec"] = new JsonObject
            {
                ["holderIdentity"] = options.Identity,
                ["leaseDurationSeconds"] = (int)Math.Ceiling(options.Certificates.ReplicaTimeout.TotalSeconds),
                ["renewTime"] = KubeObject.MicroTimestamp(time.GetUtcNow()),
            },
        };
        try
        {
            await cluster.MergePatchAsync(Reference(_name), change, null, ct);
        }
        catch (ClusterException e) when (e.IsNotFound)
        {
            var lease = KubeObject.New(Kinds.Lease, _ns, _name);
            lease["metadata"]!["labels"] = change["metadata"]!["labels"]!.DeepClone();
            lease["metadata"]!["annotations"] = change["metadata"]!["annotations"]!.DeepClone();
            lease["spec"] = change["spec"]!.DeepClone();
            await cluster.CreateAsync(Kinds.Lease, lease, ct);
        }
    }

    /// <summary>Whether every replica that lives, this one among them, reports the certificate.</summary>
    /// <exception cref="ClusterException">The API server refuses or cannot be reached.</exception>
    public async Task<bool> AllServeAsync(string fingerprint, CancellationToken ct)
    {
        var leases = await ListAsync(ct);
        return leases.Any(l => l.Name() == _name)
            && leases.Where(l => !IsSilentFor(l, 1)).All(l => l.Annotation(ServesAnnotation) == fingerprint);
    }

    /// <summary>Takes the Leases of replicas away that are long dead.</summary>
    /// <exception cref="ClusterException">The API server refuses or cannot be reached.</exception>
    public async Task CleanAsync(CancellationToken ct)
    {
        foreach (var dead in (await ListAsync(ct)).Where(l => IsSilentFor(l, DeadAfterTimeouts)))
        {
            await cluster.DeleteAsync(Reference(dead.Name()), new(Uid: dead.Uid()), ct);
        }
    }

    /// <summary>This replica serves nobody any more.</summary>
    /// <exception cref="ClusterException">The API server refuses or cannot be reached.</exception>
    public Task RemoveAsync(CancellationToken ct) => cluster.DeleteAsync(Reference(_name), new(), ct);

    private ObjectRef Reference(string name) => new(Kinds.Lease, _ns, name);

    private async Task<IReadOnlyList<JsonObject>> ListAsync(CancellationToken ct)
        => [.. (await cluster.ListAsync(Kinds.Lease, _ns, new(LabelSelector: $"{ServiceLabel}={options.ServiceName}"), ct)).Items
            .Where(l => l.Label(ServiceLabel) == options.ServiceName)];

    private bool IsSilentFor(JsonObject lease, int timeouts)
        => lease.Time("spec", "renewTime") is not { } renewed
            || time.GetUtcNow() - renewed > timeouts * TimeSpan.FromSeconds(Math.Max(1, lease.Integer("spec", "leaseDurationSeconds") ?? 1));
}
