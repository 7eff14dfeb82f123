using System.Collections.Frozen;

namespace CanaryFunctions.Core;

/// <summary>All providers of one port by name. Refuses two of one name and has no default: an unknown name is the caller's error.</summary>
public sealed class Catalog<T>(IEnumerable<T> items)
    where T : class, INamed
{
    private readonly FrozenDictionary<string, T> _byName =
        items.ToDictionary(i => i.Name, StringComparer.Ordinal).ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>All names, sorted, for messages that say what is allowed.</summary>
    public IEnumerable<string> Names => _byName.Keys.Order(StringComparer.Ordinal);

    /// <summary>Null when there is none of that name.</summary>
    public T? Find(string name) => _byName.GetValueOrDefault(name);
}
