using System.Threading.Channels;
using CanaryFunctions.Simulator.Api.Http;
using CanaryFunctions.Simulator.Api.Resources;
using CanaryFunctions.Simulator.Api.Storage;
using CanaryFunctions.Simulator.Api.Trees;
using CanaryFunctions.Simulator.Api.Writing;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Simulator.Api.Collection;

/// <summary>
/// Follows the store and deletes what has lost its owners, its namespace or its definition. Works on events alone: while nothing
/// changes it does nothing.
/// </summary>
internal sealed class GarbageCollector(ObjectStore store, ResourceCatalog catalog, CollectorWrites writes, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(500);
    private readonly Channel<StoreEvent> _work = Channel.CreateUnbounded<StoreEvent>(new() { SingleReader = true });

    /// <summary>Called inside the store's write.</summary>
    public void OnChange(StoreEvent change)
    {
        if (IsRelevant(change))
        {
            _work.Writer.TryWrite(change);
        }
    }

    public async Task RunAsync(CancellationToken ct)
    {
        try
        {
            await foreach (var change in _work.Reader.ReadAllAsync(ct))
            {
                await HandleSafelyAsync(change, ct);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private static bool IsRelevant(StoreEvent change) => change.Change == ChangeKind.Deleted || change.Object.Terminating
        || (change.Object.Owners.Any() && !JsonTree.Same(change.Previous?.Json.At("metadata", "ownerReferences"), change.Object.Json.At("metadata", "ownerReferences")))
        || (change.Change == ChangeKind.Added && change.Object.Namespace.Length > 0);

    private async Task HandleSafelyAsync(StoreEvent change, CancellationToken ct)
    {
        try
        {
            await HandleAsync(change, ct);
        }
        catch (ApiError e)
        {
            // A webhook stood in the way, or somebody else was faster: look again shortly.
            logger.CollectionDelayed(change.Object.Kind, change.Object.Key, e.Message);
            _ = RetryAsync(change, ct);
        }
    }

    private async Task RetryAsync(StoreEvent change, CancellationToken ct)
    {
        await Task.Delay(RetryAfter, time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _work.Writer.TryWrite(change);
    }

    private async Task HandleAsync(StoreEvent change, CancellationToken ct)
    {
        var item = change.Object;
        if (change.Change == ChangeKind.Deleted)
        {
            await OwnerGoneAsync(item, ct);
            await OwnersMayGoAsync(item, ct);
        }

        await ContainersMayGoAsync(item, ct);
        if (change.Change == ChangeKind.Deleted || store.Find(item.Kind, item.Namespace, item.Name) is not { } current || current.Uid != item.Uid)
        {
            return;
        }

        await CheckOwnersAsync(current, ct);
        if (current.Terminating)
        {
            await FinalizeAsync(current, ct);
        }
    }

    private async Task OwnerGoneAsync(StoredObject owner, CancellationToken ct)
    {
        foreach (var dependent in writes.Dependents(owner.Uid))
        {
            await CheckOwnersAsync(dependent, ct);
        }
    }

    private async Task OwnersMayGoAsync(StoredObject dependent, CancellationToken ct)
    {
        var uids = dependent.Owners.Select(o => o.Str("uid")).ToHashSet(StringComparer.Ordinal);
        foreach (var owner in store.Everything().Where(o => uids.Contains(o.Uid) && o.Terminating).ToList())
        {
            await FinalizeAsync(owner, ct);
        }
    }

    private async Task ContainersMayGoAsync(StoredObject item, CancellationToken ct)
    {
        if (item.Namespace.Length > 0 && store.Find(BuiltInResources.Namespaces, "", item.Namespace) is { Terminating: true } ns)
        {
            await FinalizeAsync(ns, ct);
        }

        if (catalog.FindStored(item.Kind)?.Custom is { } custom && store.Find(BuiltInResources.Definitions, "", custom.Definition) is { Terminating: true } definition)
        {
            await FinalizeAsync(definition, ct);
        }
    }

    /// <summary>Without any owner left the object goes; with some left only the references to lost ones go.</summary>
    private async Task CheckOwnersAsync(StoredObject item, CancellationToken ct)
    {
        var owners = item.Owners.ToList();
        if (owners.Count == 0 || item.Terminating)
        {
            return;
        }

        var present = store.Everything().Select(o => o.Uid).ToHashSet(StringComparer.Ordinal);
        var lost = owners.Where(o => !present.Contains(o.Str("uid") ?? "")).Select(o => o.Str("uid")).ToHashSet(StringComparer.Ordinal);
        if (lost.Count == owners.Count)
        {
            await writes.DeleteAsync(item, DeleteOptions.Background, ct);
        }
        else if (lost.Count > 0)
        {
            await writes.DropOwnersAsync(item, lost, ct);
        }
    }

    private async Task FinalizeAsync(StoredObject item, CancellationToken ct)
    {
        if (item.Finalizers.Contains(ObjectDeleter.Foreground))
        {
            await DeleteDependentsAsync(item, ct);
        }

        if (item.Finalizers.Contains(ObjectDeleter.Orphan))
        {
            foreach (var dependent in writes.Dependents(item.Uid))
            {
                await writes.DropOwnersAsync(dependent, [item.Uid], ct);
            }

            await writes.DropFinalizerAsync(item, ObjectDeleter.Orphan, ct);
        }

        if (item.Finalizers.Contains(ObjectDeleter.DefinitionCleanup))
        {
            await CleanUpAsync(item, ct);
        }

        if (item.Kind == BuiltInResources.Namespaces)
        {
            await EmptyNamespaceAsync(item, ct);
        }
    }

    private async Task DeleteDependentsAsync(StoredObject owner, CancellationToken ct)
    {
        foreach (var dependent in writes.Dependents(owner.Uid).Where(d => !d.Terminating))
        {
            await writes.DeleteAsync(dependent, DeleteOptions.Background with { Policy = "Foreground" }, ct);
        }

        var blocking = writes.Dependents(owner.Uid).Any(d => d.Owners.Any(o => o.Str("uid") == owner.Uid && o.Flag("blockOwnerDeletion") == true));
        if (!blocking)
        {
            await writes.DropFinalizerAsync(owner, ObjectDeleter.Foreground, ct);
        }
    }

    private async Task CleanUpAsync(StoredObject definition, CancellationToken ct)
    {
        var kind = $"{definition.Json.Str("spec", "group")}/{definition.Json.Str("spec", "names", "plural")}";
        foreach (var instance in store.List(kind).Items.Where(i => !i.Terminating))
        {
            await writes.DeleteAsync(instance, DeleteOptions.Background, ct);
        }

        if (store.List(kind).Items.Count == 0)
        {
            await writes.DropFinalizerAsync(definition, ObjectDeleter.DefinitionCleanup, ct);
        }
    }

    private async Task EmptyNamespaceAsync(StoredObject ns, CancellationToken ct)
    {
        foreach (var item in store.Everything().Where(i => i.Namespace == ns.Name && !i.Terminating))
        {
            await writes.DeleteAsync(item, DeleteOptions.Background, ct);
        }

        if (!store.Everything().Any(i => i.Namespace == ns.Name))
        {
            await writes.ChangeAsync(ns, o => o.Obj("spec")?.Remove("finalizers"), "finalize", ct);
        }
    }
}
