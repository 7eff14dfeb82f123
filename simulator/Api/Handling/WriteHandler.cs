using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Http;
using CanaryFunctions.Simulator.Api.Patching;
using CanaryFunctions.Simulator.Api.Storage;
using CanaryFunctions.Simulator.Api.Trees;
using CanaryFunctions.Simulator.Api.Writing;
using Microsoft.AspNetCore.Http;

namespace CanaryFunctions.Simulator.Api.Handling;

/// <summary>POST, PUT, PATCH and DELETE of objects, their status and their scale.</summary>
internal sealed class WriteHandler(ObjectStore store, ObjectWriter writer, ObjectDeleter deleter, ObjectShaping shaping, ReadHandler reader)
{
    public async Task<Reply> CreateAsync(ApiCall call)
    {
        var (body, duplicates) = await BodyReader.ObjectAsync(call.Http.Request, call.Aborted);
        var created = await writer.CreateAsync(Request(call, "CreateOptions"), body, duplicates, call.Aborted);
        return reader.Render(call, created, StatusCodes.Status201Created);
    }

    public async Task<Reply> ReplaceAsync(ApiCall call)
    {
        var (body, duplicates) = await BodyReader.ObjectAsync(call.Http.Request, call.Aborted);
        var write = Request(call, "UpdateOptions");
        if (call.Subresource != "scale" && body.Str("metadata", "name") != call.Name)
        {
            throw ApiError.BadRequest($"the name of the object ({body.Str("metadata", "name")}) does not match the name on the URL ({call.Name})");
        }

        Writing.FieldValidation.Check(write, body, duplicates);
        return call.Subresource == "scale"
            ? await ScaleAsync(call, write, _ => body)
            : reader.Render(call, await writer.UpdateAsync(write, _ => body.Copy(), call.Aborted));
    }

    public async Task<Reply> PatchAsync(ApiCall call)
    {
        var write = Request(call, "PatchOptions") with { IsPatch = true, Options = call.Options("UpdateOptions") };
        if (BodyReader.MediaType(call.Http.Request) == PatchReader.ApplyType)
        {
            return await ApplyAsync(call, write with { IsApply = true });
        }

        var patch = await PatchReader.ReadAsync(call);
        return call.Subresource == "scale" ? await ScaleAsync(call, write, patch) : reader.Render(call, await writer.UpdateAsync(write, patch, call.Aborted));
    }

    public async Task<Reply> DeleteAsync(ApiCall call)
    {
        var options = await DeleteOptionsAsync(call);
        var result = await deleter.DeleteAsync(Request(call, "DeleteOptions"), options, call.Aborted);
        return reader.Render(call, result);
    }

    public async Task<Reply> DeleteCollectionAsync(ApiCall call)
    {
        var options = await DeleteOptionsAsync(call);
        var query = new ObjectQuery(call);
        var items = store.List(call.Type.StorageKey, call.Namespace.Length > 0 ? call.Namespace : null).Items.Where(query.Matches).ToList();
        foreach (var item in items)
        {
            try
            {
                await deleter.DeleteAsync(Request(call, "DeleteOptions") with { Namespace = item.Namespace, Name = item.Name }, options, call.Aborted);
            }
            catch (ApiError e) when (e.Reason == "NotFound")
            {
                // Gone in the meantime, which is what was asked for.
            }
        }

        return Reply.Json(new JsonObject
        {
            ["kind"] = call.Type.ListKind,
            ["apiVersion"] = call.Type.ApiVersion,
            ["metadata"] = new JsonObject { ["resourceVersion"] = $"{store.Version}" },
            ["items"] = new JsonArray([.. items.Select(i => ReadHandler.Listed(call.Type, i.Json))]),
        }) with
        { Warnings = call.Warnings };
    }

    /// <summary>An update that a subresource makes on the object itself, such as a binding.</summary>
    public Task<JsonObject> ChangeAsync(ApiCall call, Func<JsonObject, JsonObject> change)
        => writer.UpdateAsync(Request(call, "UpdateOptions") with { FieldValidation = "Ignore" }, change, call.Aborted);

    /// <summary>A deletion that a subresource asks for, such as an eviction.</summary>
    public Task<JsonObject> EvictAsync(ApiCall call, DeleteOptions options)
        => deleter.DeleteAsync(Request(call, "DeleteOptions") with { Subresource = "" }, options, call.Aborted);

    private async Task<Reply> ApplyAsync(ApiCall call, WriteRequest write)
    {
        if (string.IsNullOrEmpty(call.Query("fieldManager")))
        {
            throw ApiError.InvalidOptions("PatchOptions", FieldError.Required("fieldManager", "is required for apply patch"));
        }

        var bytes = await BodyReader.BytesAsync(call.Http.Request, call.Aborted);
        var body = BodyReader.YamlOrJson(bytes) as JsonObject ?? throw ApiError.BadRequest("an apply configuration must be an object");
        if (body.Str("metadata", "name") is { } name && name != call.Name)
        {
            throw ApiError.BadRequest($"the name of the object ({name}) does not match the name on the URL ({call.Name})");
        }

        if (body.At("metadata", "managedFields") is JsonArray { Count: > 0 })
        {
            throw ApiError.BadRequest("metadata.managedFields must be nil");
        }

        Writing.FieldValidation.Check(write with { IsPatch = false }, body, []);
        var applied = Applied(call, body);
        var shape = MergeShape.For(call.Type.Custom?.Schema);
        var missing = store.Find(call.Type.StorageKey, call.Namespace, call.Name) is null;
        if (missing && call.Subresource.Length > 0)
        {
            throw ApiError.NotFound(call.Type, call.Name);
        }

        if (missing)
        {
            var fresh = new JsonObject { ["apiVersion"] = call.Type.ApiVersion, ["kind"] = call.Type.Kind, ["metadata"] = new JsonObject { ["name"] = call.Name } };
            var made = ServerSideApply.Apply(fresh, applied, write.Manager, shape, call.Force, shaping.Now);
            return reader.Render(call, await writer.CreateAsync(write with { Options = call.Options("CreateOptions") }, made, [], call.Aborted), StatusCodes.Status201Created);
        }

        var version = body.Str("metadata", "resourceVersion");
        return reader.Render(call, await writer.UpdateAsync(write, live =>
        {
            if (version is { Length: > 0 } && version != live.Str("metadata", "resourceVersion"))
            {
                throw ApiError.Modified(call.Type, call.Name);
            }

            return ServerSideApply.Apply(live, applied, write.Manager, shape, call.Force, shaping.Now);
        }, call.Aborted));
    }

    /// <summary>The part of the body that an apply to this (sub)resource may own.</summary>
    private static JsonObject Applied(ApiCall call, JsonObject body)
    {
        var applied = new JsonObject();
        foreach (var (name, value) in body.Where(p => p.Key is not ("apiVersion" or "kind" or "metadata")))
        {
            if ((name == "status") == (call.Subresource == "status") || !call.Type.HasStatus)
            {
                applied[name] = value?.DeepClone();
            }
        }

        if (call.Subresource.Length == 0 && body.Obj("metadata") is { } metadata)
        {
            foreach (var (name, value) in metadata.Where(m => m.Key is "labels" or "annotations" or "finalizers" or "ownerReferences" && m.Value is not null))
            {
                applied.Ensure("metadata")[name] = value?.DeepClone();
            }
        }

        return applied;
    }

    private async Task<Reply> ScaleAsync(ApiCall call, WriteRequest write, Func<JsonObject, JsonObject> change)
    {
        // The body is a Scale: its fields are not the object's, and unknown ones in it are left to the client.
        var scaled = await writer.UpdateAsync(write with { FieldValidation = "Ignore" },
            live => ScaleView.Apply(call.Type, live, change(ScaleView.Of(call.Type, live))), call.Aborted);
        return Reply.Json(ScaleView.Of(call.Type, scaled)) with { Warnings = call.Warnings };
    }

    private static async Task<DeleteOptions> DeleteOptionsAsync(ApiCall call)
    {
        JsonObject? body = null;
        if (call.Http.Request.ContentLength is > 0 || call.Http.Request.Headers.TransferEncoding.Count > 0)
        {
            (body, _) = await BodyReader.ObjectAsync(call.Http.Request, call.Aborted);
        }

        var options = DeleteOptions.Read(body, call);
        call.DryRun = options.DryRun;
        return options;
    }

    private static WriteRequest Request(ApiCall call, string optionsKind)
    {
        call.CheckOptions(optionsKind);
        return new(call.Type, call.User)
        {
            Namespace = call.Namespace,
            Name = call.Name,
            Subresource = call.Subresource,
            DryRun = call.DryRun,
            FieldManager = call.FieldManager,
            FieldValidation = call.Subresource == "scale" ? "Ignore" : call.FieldValidation,
            Options = call.Options(optionsKind),
            Warnings = call.Warnings,
        };
    }
}
