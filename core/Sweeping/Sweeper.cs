using System.Globalization;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Core.Sweeping;

/// <summary>Two lists a sweep, whatever the number of Canaries: an idle Canary costs its share of them and nothing else.</summary>
public sealed class Sweeper(IClusterClient cluster, IStepQueue queue, CanaryOptions options, TimeProvider time, ILogger<Sweeper> logger)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>Looks at all Canaries of the cluster.</summary>
    /// <exception cref="ClusterException">The API server refuses or cannot be reached.</exception>
    public Task SweepAsync(CancellationToken ct) => SweepAsync(SweepShare.Whole, ct);

    /// <summary>Looks at those of a share.</summary>
    /// <exception cref="ClusterException">The API server refuses or cannot be reached.</exception>
    public async Task SweepAsync(SweepShare share, CancellationToken ct)
    {
        var ns = options.Namespace.Length == 0 ? null : options.Namespace;
        var canaries = await cluster.ListAsync(Kinds.Canary, ns, new(), ct).ConfigureAwait(false);
        if (canaries.Items.Count == 0)
        {
            return;
        }

        var deployments = await cluster.ListAsync(Kinds.Deployment, ns, new(MetadataOnly: true), ct).ConfigureAwait(false);
        var now = time.GetUtcNow();
        foreach (var found in SweepPlanner.Find(canaries.Items, deployments.Items, share, now))
        {
            await queue.EnqueueAsync(MessageFor(found, now), ct).ConfigureAwait(false);
        }
    }

    private QueueMessage MessageFor(SweepFinding found, DateTimeOffset now)
    {
        var canary = found.Canary;
        if (found.Why is null)
        {
            return Successors.Of(canary, options.MessageCluster)!;
        }

        logger.SweepFound(canary.Key, found.Why);

        // A later sweep that finds the same step still undone must be heard, so the id carries the (nominal) minute too.
        var id = string.Create(
            CultureInfo.InvariantCulture, $"sweep-{canary.Uid}-{canary.Status.Step}-{(long)(now.ToUnixTimeMilliseconds() / options.Scaled(Minute).TotalMilliseconds)}");
        return new StepMessage(canary.Namespace, canary.Key.Name, StepCauses.Sweep) { Cluster = options.MessageCluster }.ToMessage(id);
    }
}
