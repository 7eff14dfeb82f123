using System.Security.Cryptography;
using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Admission;
using CanaryFunctions.Simulator.Api.Http;
using CanaryFunctions.Simulator.Api.Resources;
using CanaryFunctions.Simulator.Api.Schemas;
using CanaryFunctions.Simulator.Api.Trees;

namespace CanaryFunctions.Simulator.Api.Crds;

/// <summary>Turns objects of one version into another: by the definition's webhook, by its strategy None, or by hand for autoscaling.</summary>
internal sealed class ConversionService(WebhookCaller caller)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    public async Task<JsonObject> ConvertAsync(JsonObject item, ResourceType type, string apiVersion, CancellationToken ct)
        => (await ConvertAsync([item], type, apiVersion, ct))[0];

    /// <summary>For an admission webhook that asks for another version: what the conversion gives, without that version's defaults.</summary>
    public async Task<JsonObject> ConvertForReviewAsync(JsonObject item, ResourceType type, string apiVersion, CancellationToken ct)
        => item.Str("apiVersion") == apiVersion ? item : (await ConvertBareAsync([item], type, apiVersion, ct))[0];

    /// <summary>The items in the version, in their order. Those that have it already are passed through as they are.</summary>
    public async Task<IReadOnlyList<JsonObject>> ConvertAsync(IReadOnlyList<JsonObject> items, ResourceType type, string apiVersion, CancellationToken ct)
    {
        var foreign = items.Where(i => i.Str("apiVersion") != apiVersion).ToList();
        if (foreign.Count == 0)
        {
            return items;
        }

        var converted = await ConvertBareAsync(foreign, type, apiVersion, ct);
        if (type.Custom is { } custom && type.ApiVersion == apiVersion)
        {
            // A converted object is as good as one that came in: it keeps only what its version knows, and gets its defaults.
            foreach (var item in converted)
            {
                UnknownFields.Find(custom.Schema, item, remove: true);
                SchemaDefaults.Apply(custom.Schema, item);
            }
        }

        var next = 0;
        return [.. items.Select(i => i.Str("apiVersion") == apiVersion ? i : converted[next++])];
    }

    private async Task<IReadOnlyList<JsonObject>> ConvertBareAsync(List<JsonObject> items, ResourceType type, string apiVersion, CancellationToken ct) => type switch
    {
        { Custom.Conversion: { } webhook } => await AskAsync(webhook, type, items, apiVersion, ct),
        { Kind: "HorizontalPodAutoscaler", Custom: null } => [.. items.Select(i => AutoscalerVersions.Convert(i, apiVersion))],
        _ => [.. items.Select(i => WithVersion(i, apiVersion))],
    };

    private static JsonObject WithVersion(JsonObject item, string apiVersion)
    {
        var copy = item.Copy();
        copy["apiVersion"] = apiVersion;
        return copy;
    }

    private async Task<IReadOnlyList<JsonObject>> AskAsync(WebhookConversion webhook, ResourceType type, List<JsonObject> items, string apiVersion, CancellationToken ct)
    {
        var uid = new Guid(RandomNumberGenerator.GetBytes(16)).ToString();
        var review = new JsonObject
        {
            ["kind"] = "ConversionReview",
            ["apiVersion"] = "apiextensions.k8s.io/v1",
            ["request"] = new JsonObject
            {
                ["uid"] = uid,
                ["desiredAPIVersion"] = apiVersion,
                ["objects"] = new JsonArray([.. items.Select(i => i.DeepClone())]),
            },
        };
        try
        {
            var answer = await caller.PostAsync(webhook.ClientConfig, review, Timeout, ct);
            return Check(answer.Obj("response"), uid, items, apiVersion);
        }
        catch (WebhookFailure e)
        {
            throw ApiError.Unknown($"conversion webhook for {items[0].Str("apiVersion")}, Kind={type.Kind} failed: {e.Message}");
        }
    }

    private static List<JsonObject> Check(JsonObject? response, string uid, List<JsonObject> items, string apiVersion)
    {
        if (response.Str("uid") != uid)
        {
            throw new WebhookFailure($"invalid response: expected response.uid={uid}, got {response.Str("uid")}");
        }

        if (response.Str("result", "status") != "Success")
        {
            throw new WebhookFailure(response.Str("result", "message") ?? "no message");
        }

        var converted = response.Arr("convertedObjects").Objects().ToList();
        if (converted.Count != items.Count)
        {
            throw new WebhookFailure($"invalid response: expected {items.Count} converted objects, got {converted.Count}");
        }

        foreach (var (before, after) in items.Zip(converted))
        {
            if (after.Str("apiVersion") != apiVersion || after.Str("metadata", "name") != before.Str("metadata", "name") || after.Str("metadata", "uid") != before.Str("metadata", "uid"))
            {
                throw new WebhookFailure($"invalid response: {before.Str("metadata", "name")} came back as {after.Str("apiVersion")} {after.Str("metadata", "name")} with uid {after.Str("metadata", "uid")}");
            }
        }

        return [.. converted.Select(c => c.Copy())];
    }
}
