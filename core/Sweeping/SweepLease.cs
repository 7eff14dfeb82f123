using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Core.Sweeping;

/// <summary>This replica's Lease: that it lives and takes its share of the sweep.</summary>
internal sealed class SweepLease(IClusterClient cluster, CanaryOptions install, SweepOptions options, TimeProvider time)
{
    private const string Label = "canary-functions.io/sweeps";

    // Namespaces have no capitals.
    private const string AllNamespaces = "ALL";

    private readonly string _scope = install.Namespace.Length == 0 ? AllNamespaces : install.Namespace;

    /// <summary>Selects the Leases of all that sweep the same namespaces.</summary>
    internal ListOptions Fellows => new(LabelSelector: $"{Label}={_scope}");

    private ObjectRef Reference => Named($"canary-sweep-{options.Identity}");

    /// <exception cref="ClusterException">The API server refuses or cannot be reached.</exception>
    internal async Task RenewAsync(CancellationToken ct)
    {
        var spec = new JsonObject
        {
            ["holderIdentity"] = options.Identity,
            ["leaseDurationSeconds"] = (int)Math.Ceiling(options.LeaseDuration.TotalSeconds),
            ["renewTime"] = KubeObject.MicroTimestamp(time.GetUtcNow()),
        };
        try
        {
            await cluster.MergePatchAsync(Reference, new JsonObject { ["spec"] = spec.DeepClone() }, null, ct).ConfigureAwait(false);
        }
        catch (ClusterException e) when (e.IsNotFound)
        {
            var lease = KubeObject.New(Kinds.Lease, options.LeaseNamespace, Reference.Name);
            lease["metadata"]!["labels"] = new JsonObject { [Label] = _scope };
            lease["spec"] = spec;
            await cluster.CreateAsync(Kinds.Lease, lease, ct).ConfigureAwait(false);
        }
    }

    /// <summary>Takes the Lease of a replica away that is long gone.</summary>
    /// <exception cref="ClusterException">The API server refuses or cannot be reached.</exception>
    internal Task ForgetAsync(string name, string uid, CancellationToken ct) => cluster.DeleteAsync(Named(name), new(Uid: uid), ct);

    /// <summary>This replica sweeps no more: the others need not wait for the Lease to run out.</summary>
    /// <exception cref="ClusterException">The API server refuses or cannot be reached.</exception>
    internal Task ReleaseAsync(CancellationToken ct) => cluster.DeleteAsync(Reference, new(), ct);

    private ObjectRef Named(string name) => new(Kinds.Lease, options.LeaseNamespace, name);
}
