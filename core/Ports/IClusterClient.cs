using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Ports;

/// <summary>
/// One Kubernetes API server, objects untyped. Every method throws <see cref="ClusterException"/> when the server refuses or cannot be reached.
/// Reads are retried below this port, writes only while their outcome can still be told; a conflict never.
/// </summary>
public interface IClusterClient
{
    /// <summary>Reads one object; null when it does not exist.</summary>
    Task<JsonObject?> GetAsync(ObjectRef reference, CancellationToken ct);

    /// <summary>Reads all objects of a kind, page by page, in one namespace or (null) in all.</summary>
    Task<ObjectList> ListAsync(ResourceKind kind, string? ns, ListOptions options, CancellationToken ct);

    /// <summary>
    /// Lists, then follows changes for as long as the enumeration runs: reconnects, resumes at the last resourceVersion, and lists anew after 410 Gone
    /// (the new list arrives as <see cref="WatchEventType.Reset"/>, then one <see cref="WatchEventType.Added"/> an object, then <see cref="WatchEventType.Synced"/>).
    /// </summary>
    IAsyncEnumerable<WatchEvent> WatchAsync(ResourceKind kind, string? ns, ListOptions options, CancellationToken ct);

    /// <summary>Creates the object. With one of that name there already: reason <c>AlreadyExists</c>.</summary>
    Task<JsonObject> CreateAsync(ResourceKind kind, JsonObject obj, CancellationToken ct);

    /// <summary>Replaces the object; its <c>metadata.resourceVersion</c> is the precondition, its status is ignored where the kind has a status subresource.</summary>
    Task<JsonObject> ReplaceAsync(ResourceKind kind, JsonObject obj, CancellationToken ct);

    /// <summary>Replaces the object's status; <c>metadata.resourceVersion</c> is the precondition, everything else is ignored.</summary>
    Task<JsonObject> ReplaceStatusAsync(ResourceKind kind, JsonObject obj, CancellationToken ct);

    /// <summary>JSON merge patch (RFC 7396); a <c>metadata.resourceVersion</c> in it is a precondition.</summary>
    /// <param name="subresource">Null, <c>status</c> or <c>scale</c>.</param>
    Task<JsonObject> MergePatchAsync(ObjectRef reference, JsonObject patch, string? subresource, CancellationToken ct);

    /// <summary>Server-side apply; creates the object when it is missing.</summary>
    Task<JsonObject> ApplyAsync(ResourceKind kind, JsonObject obj, string fieldManager, bool force, CancellationToken ct);

    /// <summary>Deletes the object; one that is gone already is no error. Preconditions that fail are a conflict.</summary>
    Task DeleteAsync(ObjectRef reference, DeleteOptions options, CancellationToken ct);

    /// <summary>What the cluster serves, each kind in the version that its group prefers. Cached for a short time.</summary>
    Task<IServedKinds> ServedKindsAsync(CancellationToken ct);
}

/// <summary>What to list or watch.</summary>
/// <param name="LabelSelector">As in the API, such as <c>app=podinfo</c>.</param>
/// <param name="FieldSelector">As in the API, such as <c>metadata.name=podinfo</c>.</param>
/// <param name="MetadataOnly">Ask for PartialObjectMetadata: names, labels, annotations, generation, and nothing else.</param>
public sealed record ListOptions(string? LabelSelector = null, string? FieldSelector = null, bool MetadataOnly = false);

/// <summary>A whole list and the resourceVersion it was true at.</summary>
public sealed record ObjectList(IReadOnlyList<JsonObject> Items, string ResourceVersion);

/// <summary>How to delete.</summary>
/// <param name="ResourceVersion">Precondition; null for none.</param>
/// <param name="Uid">Precondition; null for none.</param>
/// <param name="PropagationPolicy"><c>Background</c>, <c>Foreground</c>, <c>Orphan</c>, or null for the server's default.</param>
public sealed record DeleteOptions(string? ResourceVersion = null, string? Uid = null, string? PropagationPolicy = null);

public enum WatchEventType
{
    /// <summary>All known objects are void; a new list follows.</summary>
    Reset,
    Added,
    Modified,
    Deleted,

    /// <summary>The list that followed <see cref="Reset"/> is complete.</summary>
    Synced,
}

/// <summary>One change; <see cref="Object"/> is null for <see cref="WatchEventType.Reset"/> and <see cref="WatchEventType.Synced"/> only.</summary>
public sealed record WatchEvent(WatchEventType Type, JsonObject? Object);
