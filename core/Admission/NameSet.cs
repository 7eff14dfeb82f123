using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Core.Admission;

/// <summary>The names of all objects of one kind, as a watch tells them. Not thread-safe; its owner locks.</summary>
internal sealed class NameSet
{
    private readonly HashSet<(string Namespace, string Name)> _names = [];

    // While a list is coming in: what it held so far. The old names stay until it is complete.
    private HashSet<(string Namespace, string Name)>? _listed;

    public bool IsSynced { get; private set; }

    public bool Contains(string ns, string name) => _names.Contains((ns, name));

    public void Apply(WatchEvent change)
    {
        switch (change.Type)
        {
            case WatchEventType.Reset:
                _listed = [];
                break;
            case WatchEventType.Synced:
                if (_listed is not null)
                {
                    _names.IntersectWith(_listed);
                    _listed = null;
                }

                IsSynced = true;
                break;
            case WatchEventType.Deleted:
                _names.Remove(NameOf(change.Object!));
                _listed?.Remove(NameOf(change.Object!));
                break;
            default:
                _names.Add(NameOf(change.Object!));
                _listed?.Add(NameOf(change.Object!));
                break;
        }
    }

    private static (string Namespace, string Name) NameOf(JsonObject obj) => (obj.Namespace(), obj.Name());
}
