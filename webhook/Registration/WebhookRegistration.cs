using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Webhook.Registration;

/// <summary>Writes the webhook configurations, and takes them away again for a process outside the cluster.</summary>
internal sealed class WebhookRegistration(IClusterClient cluster, WebhookOptions options, Uri address, string ca, ILogger<WebhookRegistration> logger)
{
    private const int Attempts = 5;

    private delegate JsonObject Render(WebhookOptions options, Uri address, string ca, bool hasMatchConditions);

    private static readonly (ResourceKind Kind, string Name, Render Render)[] Configurations =
    [
        (Kinds.MutatingWebhookConfiguration, WebhookConfigurations.MutatingName, WebhookConfigurations.Mutating),
        (Kinds.ValidatingWebhookConfiguration, WebhookConfigurations.ValidatingName, WebhookConfigurations.Validating),
    ];

    /// <summary>Both configurations stand as wanted afterwards.</summary>
    /// <exception cref="ClusterException">The API server refuses, or others kept changing them.</exception>
    public async Task ApplyAsync(CancellationToken ct)
    {
        foreach (var (kind, name, render) in Configurations)
        {
            var written = await WriteAsync(kind, render(options, address, ca, hasMatchConditions: true), ct);

            // A cluster from before match conditions drops them without a word; then failure policy Fail would also catch metadata-only writes.
            if (!options.Outside && written.ListAt("webhooks").First().At("matchConditions") is null)
            {
                logger.NoMatchConditions(kind.Kind, name);
                await WriteAsync(kind, render(options, address, ca, hasMatchConditions: false), ct);
            }

            logger.ConfigurationWritten(kind.Kind, name);
        }
    }

    /// <summary>Removes the configurations that still lead to this process. Those that another one has taken over stay. Failing is logged: the process ends anyway.</summary>
    public async Task RemoveAsync(CancellationToken ct)
    {
        foreach (var (kind, name, _) in Configurations)
        {
            try
            {
                var reference = new ObjectRef(kind, null, name);
                var stored = await cluster.GetAsync(reference, ct);
                if (stored is not null && LeadsHere(stored))
                {
                    await cluster.DeleteAsync(reference, new(ResourceVersion: stored.ResourceVersion()), ct);
                    logger.ConfigurationRemoved(kind.Kind, name);
                }
            }
            catch (Exception e) when (e is ClusterException or OperationCanceledException)
            {
                logger.ConfigurationLeft(e, kind.Kind, name);
            }
        }
    }

    private bool LeadsHere(JsonObject stored)
        => stored.ListAt("webhooks").Any(w => Uri.TryCreate(w.Text("clientConfig", "url"), UriKind.Absolute, out var url) && url.Authority == address.Authority);

    private async Task<JsonObject> WriteAsync(ResourceKind kind, JsonObject wanted, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await WriteOnceAsync(kind, wanted, ct);
            }
            catch (ClusterException e) when (e.IsConflict && attempt < Attempts)
            {
                // A replica wrote at the same moment: look again, there may be nothing left to do.
            }
        }
    }

    private async Task<JsonObject> WriteOnceAsync(ResourceKind kind, JsonObject wanted, CancellationToken ct)
    {
        var stored = await cluster.GetAsync(new(kind, null, wanted.Name()), ct);
        if (stored is null)
        {
            return await cluster.CreateAsync(kind, wanted.Copy(), ct);
        }

        var changed = stored.Copy();
        changed["webhooks"] = wanted["webhooks"]!.DeepClone();
        foreach (var (key, value) in wanted.ObjectAt("metadata", "labels")!)
        {
            changed.Metadata().Section("labels")[key] = value!.DeepClone();
        }

        return JsonNode.DeepEquals(stored, changed) ? stored : await cluster.ReplaceAsync(kind, changed, ct);
    }
}
