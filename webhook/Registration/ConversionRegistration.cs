using System.Text.Json.Nodes;
using CanaryFunctions.Core.Conversion;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Webhook.Registration;

/// <summary>
/// Names this webhook as the converter of our kinds in their definitions, and takes the name away again for a process outside the cluster: a converter that is
/// gone would make v1alpha3 unreadable, while none at all makes it merely unconverted.
/// </summary>
internal sealed class ConversionRegistration(IClusterClient cluster, WebhookOptions options, Uri address, string ca, ILogger<ConversionRegistration> logger)
{
    private const int Attempts = 5;

    private static readonly ResourceKind[] Converted = [Kinds.AlertProvider, Kinds.Canary, Kinds.MetricTemplate];

    /// <summary>Every definition of ours that serves both versions names this webhook afterwards. Others are left alone.</summary>
    /// <exception cref="ClusterException">The API server refuses, or others kept changing a definition.</exception>
    public async Task ApplyAsync(CancellationToken ct)
    {
        foreach (var definition in Converted.Select(Definition))
        {
            if (await ChangeAsync(definition, stored => ServesBoth(stored) ? Wanted() : null, ct))
            {
                logger.ConfigurationWritten(definition.Kind.Kind, definition.Name);
            }
        }
    }

    /// <summary>Takes back what still leads to this process. Failing is logged: the process ends anyway.</summary>
    public async Task RemoveAsync(CancellationToken ct)
    {
        foreach (var definition in Converted.Select(Definition))
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
        => Uri.TryCreate(definition.Text("spec", "conversion", "webhook", "clientConfig", "url"), UriKind.Absolute, out var url) && url.Authority == address.Authority;

    private JsonObject Wanted() => new()
    {
        ["strategy"] = "Webhook",
        ["webhook"] = new JsonObject
        {
            ["clientConfig"] = WebhookConfigurations.ClientConfig("/convert", options, address, ca),
            ["conversionReviewVersions"] = new JsonArray("v1"),
        },
    };

    // True when something was written; a null from the caller leaves the definition as it is.
    private async Task<bool> ChangeAsync(ObjectRef definition, Func<JsonObject, JsonObject?> decide, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (await cluster.GetAsync(definition, ct) is not { } stored
                    || decide(stored) is not { } wanted
                    || JsonNode.DeepEquals(stored.At("spec", "conversion"), wanted))
                {
                    return false;
                }

                await cluster.MergePatchAsync(definition, Patch(stored, wanted), null, ct);
                return true;
            }
            catch (ClusterException e) when (e.IsConflict && attempt < Attempts)
            {
                // A replica, or somebody who applies the definitions, wrote at the same moment: look again.
            }
        }
    }

    // A merge patch keeps what it does not name: whatever else leads to a webhook now has to be taken away by name.
    private static JsonObject Patch(JsonObject stored, JsonObject wanted)
    {
        TakeAway(stored.ObjectAt("spec", "conversion"), wanted);
        TakeAway(stored.ObjectAt("spec", "conversion", "webhook", "clientConfig"), wanted.ObjectAt("webhook", "clientConfig"));
        return new()
        {
            ["metadata"] = new JsonObject { ["resourceVersion"] = stored.ResourceVersion() },
            ["spec"] = new JsonObject { ["conversion"] = wanted },
        };
    }

    private static void TakeAway(JsonObject? stored, JsonObject? wanted)
    {
        foreach (var (key, _) in stored ?? [])
        {
            wanted?.TryAdd(key, null);
        }
    }
}
