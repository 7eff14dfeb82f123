using System.Globalization;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Core.Sweeping;

/// <summary>Two lists a sweep, whatever the number of Canaries: an idle Canary costs its share of them and nothing else.</summary>
public sealed class Sweeper(IClusterClient cluster, IStepQueue queue, CanaryOptions options, TimeProvider time, ILogger<Sweeper> logger)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    public async Task SweepAsync(CancellationToken ct)
    {
        var ns = options.Namespace.Length == 0 ? null : options.Namespace;
        var canaries = await cluster.ListAsync(Kinds.Canary, ns, new(), ct).ConfigureAwait(false);
        if (canaries.Items.Count == 0)
        {
            return;
        }

        var deployments = await cluster.ListAsync(Kinds.Deployment, ns, new(MetadataOnly: true), ct).ConfigureAwait(false);
        var now = time.GetUtcNow();
        foreach (var found in SweepPlanner.Find(canaries.Items, deployments.Items, now))
        {
            logger.SweepFound(found.Canary, found.Why);

            // A later sweep that finds the same step still undone must be heard, so the id carries the (nominal) minute too.
            var id = string.Create(CultureInfo.InvariantCulture, $"sweep-{found.Uid}-{found.Step}-{(long)(now.ToUnixTimeMilliseconds() / options.Scaled(Minute).TotalMilliseconds)}");
            await queue.EnqueueAsync(new StepMessage(found.Canary.Namespace, found.Canary.Name, StepCauses.Sweep).ToMessage(id), ct).ConfigureAwait(false);
        }
    }
}
