using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Webhook;

namespace CanaryFunctions.Cli.Uninstalling;

/// <summary>
/// Takes the product off a cluster in the order that harms nothing: Canaries while somebody can still restore their applications, then the webhook
/// configurations, so that no write waits for a webhook that is gone, then the program, then what nobody needs any more. Applications go on serving throughout.
/// </summary>
internal sealed class Uninstaller(IClusterClient cluster, UninstallOptions options, Action<string> tell, TimeProvider time)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    // A replica that is ending may write its registration once more; one that goes on running does so within its resync.
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(2);

    private static readonly ResourceKind Pod = new("", "v1", "Pod", "pods");

    /// <exception cref="UninstallException">Something stands in the way; what is done stays done, and a second call goes on from there.</exception>
    /// <exception cref="ClusterException">The API server refuses or cannot be reached.</exception>
    internal async Task RunAsync(CancellationToken ct)
    {
        if (options.DeleteCanaries)
        {
            await DeleteCanariesAsync(ct);
        }
        else if (options.DeleteDefinitions && await CanariesAsync(ct) is { Count: > 0 } canaries)
        {
            // Their primaries belong to them and would go with them, with nobody to give the applications their pods back.
            throw new UninstallException(
                $"{canaries.Count} Canaries exist, and without their definition the primaries that serve their applications would go too. Give --delete-canaries as well.");
        }

        await DeleteAllAsync(WebhookServer.Configurations, ct);
        await StopProgramsAsync(ct);
        await DeleteAllAsync(WebhookServer.Configurations, ct);
        await CheckNobodyCameBackAsync(ct);
        await EndConversionAsync(ct);
        await ReleaseCanariesAsync(ct);
        await DeleteLabelledAsync(ct);
        if (options.DeleteDefinitions)
        {
            await DeleteDefinitionsAsync(ct);
        }
    }

    private static IReadOnlyList<ObjectRef> Definitions()
        => [.. new[] { Kinds.Canary, Kinds.MetricTemplate, Kinds.AlertProvider }.Select(k => new ObjectRef(Kinds.CustomResourceDefinition, null, $"{k.Plural}.{k.Group}"))];

    private async Task DeleteCanariesAsync(CancellationToken ct)
    {
        foreach (var canary in await CanariesAsync(ct))
        {
            await cluster.DeleteAsync(canary.RefOf(Kinds.Canary), new(), ct);
            tell($"deleting canary {canary.Name()}.{canary.Namespace()}: its application gets back what it had");
        }

        await UntilAsync(async () => [.. (await CanariesAsync(ct)).Select(c => $"{c.Name()}.{c.Namespace()}")],
            left => $"These Canaries are not deleted yet: {left}. Does the program run? Nothing else was taken away; without --delete-canaries their applications stay as they are.", ct);
    }

    private async Task StopProgramsAsync(CancellationToken ct)
    {
        foreach (var deployment in (await cluster.ListAsync(Kinds.Deployment, options.Namespace, new(InstalledKinds.Label), ct)).Items)
        {
            await DeleteAsync(deployment.RefOf(Kinds.Deployment), ct);
        }

        await UntilAsync(
            async () => [.. (await cluster.ListAsync(Pod, options.Namespace, new(InstalledKinds.Label, MetadataOnly: true), ct)).Items.Select(p => p.Name())],
            left => $"These pods of {options.Namespace} still run: {left}.", ct);
    }

    // A definition whose converter is gone cannot be read in the other version, and its objects cannot be listed by some controllers.
    private async Task EndConversionAsync(CancellationToken ct)
    {
        foreach (var reference in Definitions())
        {
            if (await cluster.GetAsync(reference, ct) is { } definition && definition.Text("spec", "conversion", "strategy") == "Webhook")
            {
                await cluster.MergePatchAsync(reference, new JsonObject { ["spec"] = new JsonObject { ["conversion"] = new JsonObject { ["strategy"] = "None", ["webhook"] = null } } }, null, ct);
                tell($"{reference}: conversion ended");
            }
        }
    }

    // Nobody is left who would take the finalizer away, and a namespace with such a Canary could never be deleted.
    private async Task ReleaseCanariesAsync(CancellationToken ct)
    {
        foreach (var canary in await CanariesAsync(ct))
        {
            var kept = canary.ListAt("metadata", "finalizers").Where(f => f.Text() != Canary.Finalizer).Select(f => f.DeepClone()).ToArray();
            if (kept.Length < canary.ListAt("metadata", "finalizers").Count())
            {
                var metadata = new JsonObject { ["finalizers"] = new JsonArray(kept), ["resourceVersion"] = canary.ResourceVersion() };
                await cluster.MergePatchAsync(canary.RefOf(Kinds.Canary), new JsonObject { ["metadata"] = metadata }, null, ct);
                tell($"released canary {canary.Name()}.{canary.Namespace()}: its application stays as it is");
            }
        }
    }

    private async Task DeleteLabelledAsync(CancellationToken ct)
    {
        var served = await cluster.ServedKindsAsync(ct);
        foreach (var kind in InstalledKinds.Namespaced.Select(k => InstalledKinds.ServedOf(k, served)).OfType<ResourceKind>())
        {
            await DeleteEachAsync(kind, options.Namespace, InstalledKinds.Label, ct);
        }

        foreach (var label in InstalledKinds.LeaseLabels)
        {
            await DeleteEachAsync(Kinds.Lease, options.Namespace, label, ct);
        }

        foreach (var kind in InstalledKinds.ClusterWide)
        {
            await DeleteEachAsync(kind, null, InstalledKinds.Label, ct);
        }
    }

    // Their objects go first, which takes the API server a moment.
    private async Task DeleteDefinitionsAsync(CancellationToken ct)
    {
        await DeleteAllAsync(Definitions(), ct);
        await UntilAsync(
            async () =>
            {
                var found = await Task.WhenAll(Definitions().Select(d => cluster.GetAsync(d, ct)));
                return [.. found.OfType<JsonObject>().Select(d => d.Name())];
            },
            left => $"These definitions are not deleted yet: {left}.", ct);
    }

    private async Task CheckNobodyCameBackAsync(CancellationToken ct)
    {
        await Task.Delay(Settle, time, ct);
        foreach (var reference in WebhookServer.Configurations)
        {
            if (await cluster.GetAsync(reference, ct) is not null)
            {
                throw new UninstallException($"Somebody has made {reference} again: a process outside the cluster, such as canary run --kubeconfig. End it; then run this again.");
            }
        }
    }

    private async Task DeleteEachAsync(ResourceKind kind, string? ns, string label, CancellationToken ct)
    {
        foreach (var item in (await cluster.ListAsync(kind, ns, new(label, MetadataOnly: true), ct)).Items)
        {
            await DeleteAsync(new(kind, ns, item.Name()), ct);
        }
    }

    private async Task DeleteAllAsync(IReadOnlyList<ObjectRef> references, CancellationToken ct)
    {
        foreach (var reference in references)
        {
            if (await cluster.GetAsync(reference, ct) is not null)
            {
                await DeleteAsync(reference, ct);
            }
        }
    }

    private async Task DeleteAsync(ObjectRef reference, CancellationToken ct)
    {
        await cluster.DeleteAsync(reference, new(PropagationPolicy: "Background"), ct);
        tell($"deleted {reference}");
    }

    private async Task<IReadOnlyList<JsonObject>> CanariesAsync(CancellationToken ct)
    {
        try
        {
            return (await cluster.ListAsync(Kinds.Canary, null, new(), ct)).Items;
        }
        catch (ClusterException e) when (e.IsNotFound)
        {
            // The definition is gone already.
            return [];
        }
    }

    private async Task UntilAsync(Func<Task<IReadOnlyList<string>>> left, Func<string, string> problem, CancellationToken ct)
    {
        var deadline = time.GetUtcNow() + options.Limit;
        while (await left() is { Count: > 0 } names)
        {
            if (time.GetUtcNow() >= deadline)
            {
                throw new UninstallException(problem(string.Join(", ", names)));
            }

            await Task.Delay(Look, time, ct);
        }
    }
}
