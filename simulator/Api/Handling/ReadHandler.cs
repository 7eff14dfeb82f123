using System.Globalization;
using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Crds;
using CanaryFunctions.Simulator.Api.Http;
using CanaryFunctions.Simulator.Api.Printing;
using CanaryFunctions.Simulator.Api.Resources;
using CanaryFunctions.Simulator.Api.Storage;
using CanaryFunctions.Simulator.Api.Trees;

namespace CanaryFunctions.Simulator.Api.Handling;

/// <summary>GET of one object and of lists, in all three forms.</summary>
internal sealed class ReadHandler(ObjectStore store, ConversionService conversion, TablePrinter printer)
{
    public async Task<Reply> GetAsync(ApiCall call)
    {
        _ = Version(call);
        var item = store.Find(call.Type.StorageKey, call.Namespace, call.Name) ?? throw ApiError.NotFound(call.Type, call.Name);
        var json = await conversion.ConvertAsync(item.Json, call.Type, call.Type.ApiVersion, call.Aborted);
        return Render(call, json);
    }

    /// <summary>GET of status (the whole object) or scale.</summary>
    public async Task<Reply> SubresourceAsync(ApiCall call)
    {
        if (call.Subresource == "status")
        {
            return await GetAsync(call);
        }

        var item = store.Find(call.Type.StorageKey, call.Namespace, call.Name) ?? throw ApiError.NotFound(call.Type, call.Name);
        return Reply.Json(ScaleView.Of(call.Type, await conversion.ConvertAsync(item.Json, call.Type, call.Type.ApiVersion, call.Aborted)));
    }

    /// <summary>One object in the form that the client asked for.</summary>
    public Reply Render(ApiCall call, JsonObject item, int code = 200)
    {
        var isObject = item.Str("kind") == call.Type.Kind;
        JsonNode body = !isObject ? item : call.Form switch
        {
            ObjectForm.Table or ObjectForm.BetaTable => printer.Table(call.Type, [item], Include(call), item.Str("metadata", "resourceVersion") ?? "", call.Form),
            ObjectForm.Metadata => MetadataView.Of(item),
            _ => item,
        };
        return Reply.Json(body, code) with { Warnings = call.Warnings };
    }

    public async Task<Reply> ListAsync(ApiCall call)
    {
        var query = new ObjectQuery(call);
        _ = Version(call);
        var (all, version) = store.List(call.Type.StorageKey, call.Namespace.Length > 0 ? call.Namespace : null);
        var found = all.Where(query.Matches);
        if (call.Query("continue") is { Length: > 0 } token)
        {
            var (since, key) = ObjectQuery.ReadContinue(token);
            version = since;
            found = found.Where(i => string.CompareOrdinal(i.Key, key) > 0);
        }

        var items = found.ToList();
        var limit = call.Number("limit") is { } given and > 0 ? given : int.MaxValue;
        var page = items.Take(limit).ToList();
        var metadata = new JsonObject { ["resourceVersion"] = $"{version}" };
        if (page.Count < items.Count)
        {
            metadata["continue"] = ObjectQuery.Continue(version, page[^1].Key);
            metadata["remainingItemCount"] = items.Count - page.Count;
        }

        var converted = await conversion.ConvertAsync([.. page.Select(i => i.Json)], call.Type, call.Type.ApiVersion, call.Aborted);
        return Reply.Json(List(call, converted, metadata)) with { Warnings = call.Warnings };
    }

    /// <summary>The resourceVersion of the query; null without one.</summary>
    public static long? Version(ApiCall call) => call.Query("resourceVersion") is not { Length: > 0 } text ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version
        : throw ApiError.Unknown($"resourceVersion: Invalid value: \"{text}\": strconv.ParseUint: parsing \"{text}\": invalid syntax");

    public static string Include(ApiCall call) => call.Query("includeObject") ?? "Metadata";

    private JsonObject List(ApiCall call, IReadOnlyList<JsonObject> items, JsonObject metadata)
    {
        switch (call.Form)
        {
            case ObjectForm.Table or ObjectForm.BetaTable:
                var table = printer.Table(call.Type, items, Include(call), "", call.Form);
                table["metadata"] = metadata;
                return table;
            case ObjectForm.Metadata:
                return Envelope("PartialObjectMetadataList", "meta.k8s.io/v1", metadata, items.Select(i => MetadataView.Of(i)));
            default:
                return Envelope(call.Type.ListKind, call.Type.ApiVersion, metadata, items.Select(i => Listed(call.Type, i)));
        }
    }

    /// <summary>An item of a list: built-in kinds leave out there what the list says for all.</summary>
    public static JsonObject Listed(ResourceType type, JsonObject item)
    {
        var copy = item.Copy();
        if (type.Custom is null)
        {
            copy.Remove("kind");
            copy.Remove("apiVersion");
        }

        return copy;
    }

    private static JsonObject Envelope(string kind, string apiVersion, JsonObject metadata, IEnumerable<JsonNode> items) => new()
    {
        ["kind"] = kind,
        ["apiVersion"] = apiVersion,
        ["metadata"] = metadata,
        ["items"] = new JsonArray([.. items]),
    };
}
