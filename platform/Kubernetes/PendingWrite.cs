using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Platform.Kubernetes;

/// <summary>What a later read says about a write whose answer was lost.</summary>
internal enum WriteOutcome
{
    /// <summary>It was done.</summary>
    Done,

    /// <summary>It was not done, and can be sent again.</summary>
    NotDone,

    /// <summary>Somebody else's write came in between.</summary>
    Overtaken,
}

/// <summary>One write, and how to find out what became of it.</summary>
internal sealed record PendingWrite(HttpMethod Method, string Path, JsonObject? Body, string ContentType)
{
    /// <summary>Where the result can be seen.</summary>
    public string ReadPath { get; init; } = Path;

    /// <summary>Judges the object found there (null: none). Null where the outcome cannot be told: then an unanswered write is an error.</summary>
    public Func<JsonObject?, WriteOutcome>? Judge { get; init; }

    public static PendingWrite Create(ResourceKind kind, JsonObject obj)
    {
        var ns = obj.Namespace();
        var write = new PendingWrite(HttpMethod.Post, ApiPaths.Collection(kind, ns), obj, ApiPaths.Json);
        return obj.Name().Length == 0 ? write : write with
        {
            ReadPath = ApiPaths.Object(obj.RefOf(kind)),
            Judge = stored => stored is null ? WriteOutcome.NotDone
                : ObjectComparison.ShowsObject(stored, obj) ? WriteOutcome.Done
                : WriteOutcome.Overtaken,
        };
    }

    public static PendingWrite Replace(ResourceKind kind, JsonObject obj) => Precondition(
        new PendingWrite(HttpMethod.Put, ApiPaths.Object(obj.RefOf(kind)), obj, ApiPaths.Json),
        obj.ResourceVersion(),
        stored => ObjectComparison.ShowsObject(stored, obj));

    public static PendingWrite ReplaceStatus(ResourceKind kind, JsonObject obj)
    {
        var reference = obj.RefOf(kind);
        var write = new PendingWrite(HttpMethod.Put, ApiPaths.Object(reference, "status"), obj, ApiPaths.Json) { ReadPath = ApiPaths.Object(reference) };
        return Precondition(write, obj.ResourceVersion(), stored => ObjectComparison.ShowsStatus(stored, obj));
    }

    public static PendingWrite MergePatch(ObjectRef reference, JsonObject patch, string? subresource)
    {
        var write = new PendingWrite(HttpMethod.Patch, ApiPaths.Object(reference, subresource), patch, ApiPaths.MergePatch)
        {
            ReadPath = ApiPaths.Object(reference, subresource == "status" ? null : subresource),
        };
        return Precondition(write, patch.ResourceVersion(), stored => ObjectComparison.ShowsMergePatch(stored, patch));
    }

    /// <summary>Server-side apply says what shall be; sending it again says the same.</summary>
    public static PendingWrite Apply(ResourceKind kind, JsonObject obj, string fieldManager, bool force)
    {
        var path = ApiPaths.Object(obj.RefOf(kind));
        var query = $"fieldManager={Uri.EscapeDataString(fieldManager)}&force={(force ? "true" : "false")}";
        return new PendingWrite(HttpMethod.Patch, $"{path}?{query}", obj, ApiPaths.ApplyPatch)
        {
            ReadPath = path,
            Judge = stored => stored is not null && ObjectComparison.Contains(stored, WithoutPrecondition(obj)) ? WriteOutcome.Done : WriteOutcome.NotDone,
        };
    }

    public static PendingWrite Delete(ObjectRef reference, DeleteOptions options)
    {
        var body = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "DeleteOptions" };
        if (options.PropagationPolicy is { } policy)
        {
            body["propagationPolicy"] = policy;
        }

        if (options.ResourceVersion is { Length: > 0 } version)
        {
            body.Section("preconditions")["resourceVersion"] = version;
        }

        if (options.Uid is { Length: > 0 } uid)
        {
            body.Section("preconditions")["uid"] = uid;
        }

        return new PendingWrite(HttpMethod.Delete, ApiPaths.Object(reference), body, ApiPaths.Json) { Judge = stored => Deleted(stored, options) };
    }

    private static WriteOutcome Deleted(JsonObject? stored, DeleteOptions options)
    {
        var another = stored is not null && options.Uid is { Length: > 0 } && stored.Uid() != options.Uid;
        if (stored is null || another || stored.IsBeingDeleted())
        {
            return WriteOutcome.Done;
        }

        return options.ResourceVersion is { Length: > 0 } version && stored.ResourceVersion() != version ? WriteOutcome.Overtaken : WriteOutcome.NotDone;
    }

    /// <summary>A write with a resourceVersion can be sent again while the object still shows it; one without could undo what came in between.</summary>
    private static PendingWrite Precondition(PendingWrite write, string version, Func<JsonObject, bool> shows) => version.Length == 0 ? write : write with
    {
        Judge = stored => stored is null ? WriteOutcome.Overtaken
            : stored.ResourceVersion() == version ? WriteOutcome.NotDone
            : shows(stored) ? WriteOutcome.Done
            : WriteOutcome.Overtaken,
    };

    private static JsonObject WithoutPrecondition(JsonObject obj)
    {
        var copy = obj.Copy();
        copy.Metadata().Remove("resourceVersion");
        return copy;
    }
}
