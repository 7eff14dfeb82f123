using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Platform.Kubernetes;

/// <summary>Reads whole lists, page by page.</summary>
internal sealed class ListReader(ApiCaller caller)
{
    private const int MaxRestarts = 3;

    /// <exception cref="ClusterException">Refused, unreachable, or too slow to be read before the pages expired.</exception>
    public async Task<ObjectList> ReadAsync(ResourceKind kind, string? ns, ListOptions options, CancellationToken ct)
    {
        var items = new List<JsonObject>();
        string? next = null;
        for (var restarts = 0; ;)
        {
            var answer = await caller.ReadAsync(ApiPaths.List(kind, ns, options, next), ApiPaths.AcceptFor(options, watch: false), ct);
            if (answer.Status == 410 && next is not null && restarts++ < MaxRestarts)
            {
                // The snapshot that the pages come from was compacted away. Pages of two snapshots do not make a list.
                items.Clear();
                next = null;
                continue;
            }

            var page = answer.Object();
            items.AddRange(page.ListAt("items").OfType<JsonObject>().Select(o => Named(o, kind)));
            next = page.Text("metadata", "continue");
            if (string.IsNullOrEmpty(next))
            {
                return new ObjectList(items, page.ResourceVersion());
            }
        }
    }

    /// <summary>Lists of built-in kinds leave apiVersion and kind out of their items, and metadata-only ones give another kind; consumers need the real one.</summary>
    public static JsonObject Named(JsonObject obj, ResourceKind kind)
    {
        if (obj.Text("kind") == kind.Kind && obj.Text("apiVersion") == kind.ApiVersion)
        {
            return obj;
        }

        obj.Remove("apiVersion");
        obj.Remove("kind");
        obj.Insert(0, "apiVersion", kind.ApiVersion);
        obj.Insert(1, "kind", kind.Kind);
        return obj;
    }
}
