using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Ports;

/// <summary>
/// What is known of all objects of one kind, as a watch tells of them. While a list comes in after a gap, the old entries serve until it is complete. Not
/// thread-safe; its owner locks.
/// </summary>
/// <param name="read">What is kept of an object.</param>
/// <param name="merge">Makes what is kept of what was known, first, and what was read; null takes what was read.</param>
public sealed class WatchedSet<T>(Func<JsonObject, T> read, Func<T, T, T>? merge = null)
    where T : notnull
{
    private readonly Dictionary<(string Namespace, string Name), T> _entries = [];
    private HashSet<(string Namespace, string Name)>? _listed;

    /// <summary>Whether a whole list was read. Until then absence proves nothing.</summary>
    public bool IsSynced { get; private set; }

    public IEnumerable<T> Values => _entries.Values;

    public IEnumerable<string> Names => _entries.Keys.Select(k => k.Name);

    /// <summary>Told of each entry that is new; a changed one goes first. One that stays equal is no news.</summary>
    public Action<T>? Added { get; init; }

    /// <summary>Told of each entry that goes.</summary>
    public Action<T>? Removed { get; init; }

    public bool TryFind(string ns, string name, [MaybeNullWhen(false)] out T entry) => _entries.TryGetValue((ns, name), out entry);

    public void Apply(WatchEvent change)
    {
        switch (change.Type)
        {
            case WatchEventType.Reset:
                _listed = [];
                break;
            case WatchEventType.Synced:
                EndList();
                break;
            case WatchEventType.Deleted:
                _listed?.Remove(KeyOf(change.Object!));
                Remove(KeyOf(change.Object!));
                break;
            default:
                _listed?.Add(KeyOf(change.Object!));
                Set(KeyOf(change.Object!), read(change.Object!));
                break;
        }
    }

    private static (string Namespace, string Name) KeyOf(JsonObject obj) => (obj.Namespace(), obj.Name());

    private void Set((string Namespace, string Name) key, T entry)
    {
        if (_entries.TryGetValue(key, out var before))
        {
            entry = merge is null ? entry : merge(before, entry);
            if (before.Equals(entry))
            {
                return;
            }

            Remove(key);
        }

        _entries[key] = entry;
        Added?.Invoke(entry);
    }

    private void Remove((string Namespace, string Name) key)
    {
        if (_entries.Remove(key, out var gone))
        {
            Removed?.Invoke(gone);
        }
    }

    private void EndList()
    {
        if (_listed is { } listed)
        {
            _listed = null;
            foreach (var gone in _entries.Keys.Where(k => !listed.Contains(k)).ToList())
            {
                Remove(gone);
            }
        }

        IsSynced = true;
    }
}
