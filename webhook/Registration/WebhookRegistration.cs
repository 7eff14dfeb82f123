using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Webhook.Registration;

/// <summary>Writes the webhook configurations, and takes them away again for a process outside the cluster.</summary>
internal sealed class WebhookRegistration(IClusterClient cluster, WebhookOptions options, Uri address, ILogger<WebhookRegistration> logger)
{
    private const int Attempts = 5;

    private delegate JsonObject Render(WebhookOptions options, Uri address, string? bundle, bool hasMatchConditions);

    private static readonly (ResourceKind Kind, string Name, Render Render)[] Configurations =
    [
        (Kinds.MutatingWebhookConfiguration, WebhookConfigurations.MutatingName, WebhookConfigurations.Mutating),
        (Kinds.ValidatingWebhookConfiguration, WebhookConfigurations.ValidatingName, WebhookConfigurations.Validating),
    ];

    /// <summary>The configurations that name this webhook.</summary>
    public static readonly IReadOnlyList<ObjectRef> Objects = [.. Configurations.Select(c => new ObjectRef(c.Kind, null, c.Name))];

    // A cluster from before match conditions drops them without a word; asked once, for every look again would be two writes.
    private bool _hasMatchConditions = true;
    private int _writes;

    /// <summary>Both configurations stand as wanted afterwards, unless another process outside the cluster has them.</summary>
    /// <param name="bundle">CA certificates in PEM; null leaves those that stand there.</param>
    /// <param name="takeOver">Also from another process outside the cluster.</param>
    /// <exception cref="ClusterException">The API server refuses, or others kept changing them.</exception>
    public async Task<RegistrationResult> ApplyAsync(string? bundle, bool takeOver, CancellationToken ct)
    {
        var before = _writes;
        foreach (var (kind, name, render) in Configurations)
        {
            if (await WriteAsync(kind, render(options, address, bundle, _hasMatchConditions), takeOver, ct) is not { } written)
            {
                logger.ConfigurationTaken(kind.Kind, name);
                return RegistrationResult.Taken;
            }

            // Without match conditions failure policy Fail would also catch metadata-only writes.
            if (!options.Outside && _hasMatchConditions && written.ListAt("webhooks").First().At("matchConditions") is null)
            {
                _hasMatchConditions = false;
                logger.NoMatchConditions(kind.Kind, name);
                await WriteAsync(kind, render(options, address, bundle, hasMatchConditions: false), takeOver, ct);
            }
        }

        return _writes == before ? RegistrationResult.Stood : RegistrationResult.Written;
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

    private bool LeadsHere(JsonObject stored) => stored.ListAt("webhooks").Any(w => WebhookConfigurations.LeadsTo(address, w.At("clientConfig")));

    private bool LeadsElsewhere(JsonObject stored)
        => options.Outside && stored.ListAt("webhooks").Any(w => w.Text("clientConfig", "url") is not null) && !LeadsHere(stored);

    // Null when it was another's and stays so.
    private async Task<JsonObject?> WriteAsync(ResourceKind kind, JsonObject wanted, bool takeOver, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await WriteOnceAsync(kind, wanted, takeOver, ct);
            }
            catch (ClusterException e) when ((e.IsConflict || e.IsNotFound) && attempt < Attempts)
            {
                // A replica wrote, or somebody deleted it, at the same moment: look again, there may be nothing left to do.
            }
        }
    }

    private async Task<JsonObject?> WriteOnceAsync(ResourceKind kind, JsonObject wanted, bool takeOver, CancellationToken ct)
    {
        var stored = await cluster.GetAsync(new(kind, null, wanted.Name()), ct);
        if (stored is null)
        {
            return await CreateAsync(kind, wanted, ct);
        }

        if (!takeOver && LeadsElsewhere(stored))
        {
            return null;
        }

        if (options.Certificates.Folder is null && CaInjection.IsAskedFor(stored, options))
        {
            // What it injects is the CA of its own certificate, and that is not the one that is served.
            logger.InjectedCaIsAnothers(kind.Kind, wanted.Name());
        }

        var changed = stored.Copy();
        changed["webhooks"] = CaInjection.Merge(stored, wanted, options);
        foreach (var (key, value) in wanted.ObjectAt("metadata", "labels")!)
        {
            changed.Metadata().Section("labels")[key] = value!.DeepClone();
        }

        if (CaInjection.Missing(stored, options) is { } annotation)
        {
            changed.Metadata().Section("annotations")[CaInjection.FromCertificate] = annotation;
        }

        return JsonNode.DeepEquals(stored, changed) ? stored : Told(kind, await cluster.ReplaceAsync(kind, changed, ct));
    }

    private async Task<JsonObject> CreateAsync(ResourceKind kind, JsonObject wanted, CancellationToken ct)
    {
        var created = wanted.Copy();
        if (CaInjection.Missing(created, options) is { } annotation)
        {
            created.Metadata().Section("annotations")[CaInjection.FromCertificate] = annotation;
        }

        return Told(kind, await cluster.CreateAsync(kind, created, ct));
    }

    private JsonObject Told(ResourceKind kind, JsonObject written)
    {
        _writes++;
        logger.ConfigurationWritten(kind.Kind, written.Name());
        return written;
    }
}
