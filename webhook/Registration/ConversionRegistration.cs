using System.Text.Json.Nodes;
using CanaryFunctions.Core.Conversion;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Webhook.Registration;

/// <summary>
/// Names this webhook as the converter of our kinds in their definitions, and takes the name away again for a process outside the cluster: a converter that is
/// gone would make v1alpha3 unreadable, while none at all makes it merely unconverted.
/// </summary>
internal sealed class ConversionRegistration(IClusterClient cluster, WebhookOptions options, Uri address, ILogger<ConversionRegistration> logger)
{
    private const int Attempts = 5;

    private static readonly ResourceKind[] Converted = [Kinds.AlertProvider, Kinds.Canary, Kinds.MetricTemplate];

    /// <summary>The definitions that may name this webhook.</summary>
    public static readonly IReadOnlyList<ObjectRef> Objects = [.. Converted.Select(Definition)];

    /// <summary>Every definition of ours that serves both versions names this webhook afterwards. Others are left alone.</summary>
    /// <param name="bundle">CA certificates in PEM; null leaves those that stand there.</param>
    /// <param name="takeOver">Also from another process outside the cluster.</param>
    /// <exception cref="ClusterException">The API server refuses, or others kept changing a definition.</exception>
    public async Task<RegistrationResult> ApplyAsync(string? bundle, bool takeOver, CancellationToken ct)
    {
        var result = RegistrationResult.Stood;
        foreach (var definition in Objects)
        {
            if (await ChangeAsync(definition, stored => ServesBoth(stored) && (takeOver || !LeadsElsewhere(stored)) ? Wanted(stored, bundle) : null, ct))
            {
                logger.ConfigurationWritten(definition.Kind.Kind, definition.Name);
                result = RegistrationResult.Written;
            }
        }

        return result;
    }

    /// <summary>Takes back what still leads to this process. Failing is logged: the process ends anyway.</summary>
    public async Task RemoveAsync(CancellationToken ct)
    {
        foreach (var definition in Objects)
        {
            try
            {
                if (await ChangeAsync(definition, stored => LeadsHere(stored) ? new() { ["strategy"] = "None" } : null, ct))
                {
                    logger.ConversionRemoved(definition.Name);
                }
            }
            catch (Exception e) when (e is ClusterException or OperationCanceledException)
            {
                logger.ConversionLeft(e, definition.Name);
            }
        }
    }

    private static ObjectRef Definition(ResourceKind kind) => new(Kinds.CustomResourceDefinition, null, $"{kind.Plural}.{kind.Group}");

    private static bool ServesBoth(JsonObject definition)
    {
        var served = definition.ListAt("spec", "versions").Where(v => v.Flag("served") == true).Select(v => $"{Kinds.FlaggerGroup}/{v.Text("name")}");
        return new[] { ApiVersions.V1Alpha3, ApiVersions.V1Beta1 }.All(served.Contains);
    }

    private bool LeadsHere(JsonObject definition)
        => WebhookConfigurations.LeadsTo(address, definition.At("spec", "conversion", "webhook", "clientConfig"));

    private bool LeadsElsewhere(JsonObject definition)
        => options.Outside && definition.Text("spec", "conversion", "webhook", "clientConfig", "url") is not null && !LeadsHere(definition);

    private JsonObject Wanted(JsonObject stored, string? bundle)
    {
        var config = WebhookConfigurations.ClientConfig("/convert", options, address, CaInjection.IsAskedFor(stored, options) ? null : bundle);
        CaInjection.Keep(stored.At("spec", "conversion", "webhook", "clientConfig"), config);
        return new()
        {
            ["strategy"] = "Webhook",
            ["webhook"] = new JsonObject { ["clientConfig"] = config, ["conversionReviewVersions"] = new JsonArray("v1") },
        };
    }

    // True when something was written; a null from the caller leaves the definition as it is.
    private async Task<bool> ChangeAsync(ObjectRef definition, Func<JsonObject, JsonObject?> decide, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (await cluster.GetAsync(definition, ct) is not { } stored || decide(stored) is not { } wanted)
                {
                    return false;
                }

                var patch = Patch(stored, wanted);
                if (patch.Count == 0)
                {
                    return false;
                }

                patch.Metadata()["resourceVersion"] = stored.ResourceVersion();
                await cluster.MergePatchAsync(definition, patch, null, ct);
                return true;
            }
            catch (ClusterException e) when (e.IsConflict && attempt < Attempts)
            {
                // A replica, or somebody who applies the definitions, wrote at the same moment: look again.
            }
        }
    }

    // A merge patch keeps what it does not name: whatever else leads to a webhook now has to be taken away by name.
    private JsonObject Patch(JsonObject stored, JsonObject wanted)
    {
        var patch = new JsonObject();
        if (CaInjection.Missing(stored, options) is { } annotation && wanted.Text("strategy") == "Webhook")
        {
            patch.Metadata()["annotations"] = new JsonObject { [CaInjection.FromCertificate] = annotation };
        }

        if (!JsonNode.DeepEquals(stored.At("spec", "conversion"), wanted))
        {
            TakeAway(stored.ObjectAt("spec", "conversion"), wanted);
            TakeAway(stored.ObjectAt("spec", "conversion", "webhook", "clientConfig"), wanted.ObjectAt("webhook", "clientConfig"));
            patch["spec"] = new JsonObject { ["conversion"] = wanted };
        }

        return patch;
    }

    private static void TakeAway(JsonObject? stored, JsonObject? wanted)
    {
        foreach (var (key, _) in stored ?? [])
        {
            wanted?.TryAdd(key, null);
        }
    }
}
