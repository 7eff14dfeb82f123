using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Platform.Http;

namespace CanaryFunctions.Platform.Kubernetes;

/// <summary>
/// The API server over HTTP. Reads are sent again after no answer, 429 and 5xx; writes after 429, and when their answer was lost and a read tells
/// what became of them; a conflict never.
/// </summary>
public sealed class KubernetesClient : IClusterClient, IDisposable
{
    private readonly ApiCaller _caller;
    private readonly ListReader _lists;
    private readonly WriteSender _writes;
    private readonly Discovery _discovery;
    private readonly KubernetesClientOptions _options;
    private readonly TimeProvider _time;

    internal KubernetesClient(KubeConnection connection, TimeProvider time, KubernetesClientOptions? options = null)
    {
        _options = options ?? new KubernetesClientOptions();
        _time = time;
        _caller = new ApiCaller(connection, _options, time);
        _lists = new ListReader(_caller);
        _writes = new WriteSender(_caller, _options, time);
        _discovery = new Discovery(_caller, _options, time);
        (Server, Namespace) = (connection.Server, connection.Namespace);
        Services = new ServiceProxy(_caller, connection);
    }

    /// <summary>URL of the API server.</summary>
    public Uri Server { get; }

    /// <summary>Namespace of the kubeconfig's context, or the pod's own; <c>default</c> where neither says.</summary>
    public string Namespace { get; }

    /// <summary>The way to the cluster's Services through this API server.</summary>
    public IServiceProxy Services { get; }

    /// <summary>A client as the kubeconfig describes it.</summary>
    /// <exception cref="KubeConfigException">The kubeconfig is missing something or is unusable.</exception>
    public static KubernetesClient FromKubeConfig(KubeConfigSource source, TimeProvider time, KubernetesClientOptions? options = null)
        => new(KubeConfig.Load(source, time), time, options);

    /// <summary>A client with the service account of the pod that this process runs in.</summary>
    /// <exception cref="KubeConfigException">This process runs in no pod.</exception>
    public static KubernetesClient InCluster(TimeProvider time, KubernetesClientOptions? options = null)
        => new(InClusterConfig.Load(Environment.GetEnvironmentVariable, time), time, options);

    public async Task<JsonObject?> GetAsync(ObjectRef reference, CancellationToken ct)
    {
        var answer = await _caller.ReadAsync(ApiPaths.Object(reference), ApiPaths.Json, ct);
        return answer.IsNotFound ? null : answer.Object();
    }

    public Task<ObjectList> ListAsync(ResourceKind kind, string? ns, ListOptions options, CancellationToken ct) => _lists.ReadAsync(kind, ns, options, ct);

    /// <inheritdoc/>
    /// <remarks>Throws when the first list fails, and later only when the server refuses for good (forbidden, kind no longer served).</remarks>
    public async IAsyncEnumerable<WatchEvent> WatchAsync(ResourceKind kind, string? ns, ListOptions options, [EnumeratorCancellation] CancellationToken ct)
    {
        using var session = new WatchSession(_caller, _options, _time, kind, ns, options);
        var list = await ListAsync(kind, ns, options, ct);
        while (true)
        {
            yield return new WatchEvent(WatchEventType.Reset, null);
            foreach (var item in list.Items)
            {
                yield return new WatchEvent(WatchEventType.Added, item);
            }

            yield return new WatchEvent(WatchEventType.Synced, null);
            session.StartAt(list.ResourceVersion);
            while (await session.NextAsync(ct) is { } change)
            {
                yield return change;
            }

            list = await ListAgainAsync(kind, ns, options, session, ct);
        }
    }

    public async Task<JsonObject> CreateAsync(ResourceKind kind, JsonObject obj, CancellationToken ct)
        => (await _writes.SendAsync(PendingWrite.Create(kind, obj), ct))!;

    public async Task<JsonObject> ReplaceAsync(ResourceKind kind, JsonObject obj, CancellationToken ct)
        => (await _writes.SendAsync(PendingWrite.Replace(kind, obj), ct))!;

    public async Task<JsonObject> ReplaceStatusAsync(ResourceKind kind, JsonObject obj, CancellationToken ct)
        => (await _writes.SendAsync(PendingWrite.ReplaceStatus(kind, obj), ct))!;

    public async Task<JsonObject> MergePatchAsync(ObjectRef reference, JsonObject patch, string? subresource, CancellationToken ct)
        => (await _writes.SendAsync(PendingWrite.MergePatch(reference, patch, subresource), ct))!;

    public async Task<JsonObject> ApplyAsync(ResourceKind kind, JsonObject obj, string fieldManager, bool force, CancellationToken ct)
        => (await _writes.SendAsync(PendingWrite.Apply(kind, obj, fieldManager, force), ct))!;

    public async Task DeleteAsync(ObjectRef reference, DeleteOptions options, CancellationToken ct)
    {
        try
        {
            await _writes.SendAsync(PendingWrite.Delete(reference, options), ct);
        }
        catch (ClusterException e) when (e.IsNotFound)
        {
            // Gone is what was asked for.
        }
    }

    public Task<ResourceKind?> DiscoverAsync(string group, string kind, CancellationToken ct) => _discovery.FindAsync(group, kind, ct);

    /// <inheritdoc/>
    /// <remarks>Its <c>Find</c> throws a <see cref="ClusterException"/> for a group that could not be asked: "not served" would be a guess.</remarks>
    public async Task<IServedKinds> ServedKindsAsync(CancellationToken ct) => await _discovery.SnapshotAsync(ct);

    public void Dispose()
    {
        _caller.Dispose();
        _discovery.Dispose();
    }

    private async Task<ObjectList> ListAgainAsync(ResourceKind kind, string? ns, ListOptions options, WatchSession session, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                return await ListAsync(kind, ns, options, ct);
            }
            catch (ClusterException e) when (e.IsTransient)
            {
                await session.BackOffAsync(ct);
            }
        }
    }
}
