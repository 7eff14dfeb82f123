using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Core.Admission.Cluster;

/// <summary>All objects of one kind, as a watch tells them. Not thread-safe; its owner locks.</summary>
internal sealed class ObjectSet(Func<JsonObject, KnownObject> read)
{
    private readonly Dictionary<(string Namespace, string Name), KnownObject> _objects = [];

    // While a list is coming in: what it held so far. The old objects stay until it is complete.
    private HashSet<(string Namespace, string Name)>? _listed;

    public bool IsSynced { get; private set; }

    /// <summary>Nobody waits for the first list any more: the cluster refuses the watch.</summary>
    public bool IsGivenUp { get; set; }

    public IEnumerable<string> Names => _objects.Keys.Select(k => k.Name);

    public KnownObject? Find(string ns, string name) => _objects.GetValueOrDefault((ns, name));

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
                _objects.Remove(NameOf(change.Object!));
                _listed?.Remove(NameOf(change.Object!));
                break;
            default:
                _objects[NameOf(change.Object!)] = read(change.Object!);
                _listed?.Add(NameOf(change.Object!));
                break;
        }
    }

    private static (string Namespace, string Name) NameOf(JsonObject obj) => (obj.Namespace(), obj.Name());

    private void EndList()
    {
        if (_listed is { } listed)
        {
            _listed = null;
            foreach (var gone in _objects.Keys.Where(k => !listed.Contains(k)).ToList())
            {
                _objects.Remove(gone);
            }
        }

        (IsSynced, IsGivenUp) = (true, false);
    }
}
