using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Trees;

namespace CanaryFunctions.Simulator.Api.Patching;

/// <summary>Who writes: the identity of one entry of metadata.managedFields.</summary>
internal sealed record FieldManager(string Name, string Operation, string ApiVersion, string Subresource);

/// <summary>metadata.managedFields of one object.</summary>
internal sealed class FieldOwnership
{
    private readonly List<(FieldManager Manager, HashSet<string> Paths, string? Time)> _entries = [];

    public IEnumerable<(FieldManager Manager, HashSet<string> Paths)> Entries => _entries.Select(e => (e.Manager, e.Paths));

    public static FieldOwnership Read(JsonObject? live)
    {
        var result = new FieldOwnership();
        foreach (var entry in live.Arr("metadata", "managedFields").Objects())
        {
            var manager = new FieldManager(entry.Str("manager") ?? "", entry.Str("operation") ?? "Update", entry.Str("apiVersion") ?? "", entry.Str("subresource") ?? "");
            result._entries.Add((manager, FieldSet.FromFieldsV1(entry.Obj("fieldsV1")), entry.Str("time")));
        }

        return result;
    }

    public HashSet<string> PathsOf(FieldManager manager) => _entries.FirstOrDefault(e => Is(e.Manager, manager)).Paths ?? [];

    /// <summary>Replaces a manager's fields; its time moves only if they changed.</summary>
    public void Set(FieldManager manager, HashSet<string> paths, string now)
    {
        var at = _entries.FindIndex(e => Is(e.Manager, manager));
        if (at < 0)
        {
            _entries.Add((manager, paths, now));
        }
        else
        {
            var same = _entries[at].Paths.SetEquals(paths) && _entries[at].Manager == manager;
            _entries[at] = (manager, paths, same ? _entries[at].Time : now);
        }
    }

    /// <summary>Takes fields away from everybody but the given manager.</summary>
    public void TakeFromOthers(FieldManager manager, IReadOnlyCollection<string> paths)
    {
        foreach (var (_, owned, _) in _entries.Where(e => !Is(e.Manager, manager)))
        {
            owned.ExceptWith(paths);
        }
    }

    public void WriteTo(JsonObject target)
    {
        var entries = new JsonArray();
        foreach (var (manager, paths, time) in _entries.Where(e => e.Paths.Count > 0)
            .OrderBy(e => e.Manager.Operation, StringComparer.Ordinal).ThenBy(e => e.Time, StringComparer.Ordinal).ThenBy(e => e.Manager.Name, StringComparer.Ordinal))
        {
            var entry = new JsonObject
            {
                ["manager"] = manager.Name,
                ["operation"] = manager.Operation,
                ["apiVersion"] = manager.ApiVersion,
                ["time"] = time,
                ["fieldsType"] = "FieldsV1",
                ["fieldsV1"] = FieldSet.ToFieldsV1(paths),
            };
            if (manager.Subresource.Length > 0)
            {
                entry["subresource"] = manager.Subresource;
            }

            entries.Add(entry);
        }

        if (entries.Count > 0)
        {
            target.Ensure("metadata")["managedFields"] = entries;
        }
        else
        {
            target.Ensure("metadata").Remove("managedFields");
        }
    }

    /// <summary>Accounts for an ordinary write: what it changed is its own now, what it removed is nobody's.</summary>
    public static void RecordUpdate(JsonObject? before, JsonObject after, FieldManager manager, MergeShape shape, string now)
    {
        var ownership = Read(after);
        var old = before is null ? [] : FieldSet.Of(before, shape);
        var current = FieldSet.Of(after, shape);
        var changed = current.Where(c => !old.TryGetValue(c.Key, out var was) || !JsonTree.Same(was, c.Value)).Select(c => c.Key).ToHashSet(StringComparer.Ordinal);
        var removed = old.Keys.Where(k => !current.ContainsKey(k)).ToHashSet(StringComparer.Ordinal);
        if (changed.Count + removed.Count == 0)
        {
            ownership.WriteTo(after);
            return;
        }

        var own = ownership.PathsOf(manager).Where(p => !removed.Contains(p)).Concat(changed).ToHashSet(StringComparer.Ordinal);
        ownership.TakeFromOthers(manager, [.. changed, .. removed]);
        ownership.Set(manager, own, now);
        ownership.WriteTo(after);
    }

    // A new API version of the same manager takes its entry over, as in the real server.
    private static bool Is(FieldManager a, FieldManager b) => a.Name == b.Name && a.Operation == b.Operation && a.Subresource == b.Subresource;
}
