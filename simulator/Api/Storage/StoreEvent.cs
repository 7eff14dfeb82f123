namespace CanaryFunctions.Simulator.Api.Storage;

internal enum ChangeKind
{
    Added,
    Modified,
    Deleted,
}

/// <summary>One change: what there is now (of a deletion: the last state, under the deletion's version) and what there was.</summary>
internal sealed record StoreEvent(ChangeKind Change, StoredObject Object, StoredObject? Previous);
