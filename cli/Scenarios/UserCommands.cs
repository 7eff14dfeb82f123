using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Cli.Scenarios;

/// <summary>What a user does with kubectl, without needing kubectl.</summary>
internal sealed class UserCommands(IClusterClient cluster, TimeProvider time)
{
    private const string FieldManager = "canary-demo";

    /// <summary>Applies the objects in their order; gives kubectl's words for each.</summary>
    internal async Task<IReadOnlyList<string>> ApplyAsync(IEnumerable<JsonObject> objects, CancellationToken ct)
    {
        var kinds = await cluster.ServedKindsAsync(ct);
        var applied = new List<string>();
        foreach (var obj in objects)
        {
            var kind = KindOf(obj, kinds);
            await cluster.ApplyAsync(kind, obj, FieldManager, force: true, ct);
            applied.Add($"{kind.Kind.ToLowerInvariant()}{(kind.Group.Length == 0 ? "" : ".")}{kind.Group}/{obj.Name()} applied");
        }

        return applied;
    }

    /// <summary>Sets one container's image; gives the time of the reply.</summary>
    internal async Task<DateTimeOffset> SetImageAsync(string ns, string deployment, string container, string image, CancellationToken ct)
    {
        var reference = new ObjectRef(Kinds.Deployment, ns, deployment);
        var found = await cluster.GetAsync(reference, ct) ?? throw new ClusterException(404, "NotFound", $"{reference} does not exist");
        var containers = found.ListAt("spec", "template", "spec", "containers").Select(c => (JsonObject)c.DeepClone()).ToArray();
        Array.Find(containers, c => c.Name(container))!["image"] = image;
        var patch = new JsonObject
        {
            ["spec"] = new JsonObject { ["template"] = new JsonObject { ["spec"] = new JsonObject { ["containers"] = new JsonArray([.. containers]) } } },
        };
        await cluster.MergePatchAsync(reference, patch, null, ct);
        return time.GetUtcNow();
    }

    // The version is the manifest's own, which need not be the one that the cluster prefers.
    private static ResourceKind KindOf(JsonObject obj, IServedKinds kinds)
    {
        var (apiVersion, kind) = (obj.Text("apiVersion") ?? "", obj.Text("kind") ?? "");
        var group = apiVersion.Contains('/', StringComparison.Ordinal) ? apiVersion.Split('/')[0] : "";
        var served = kinds.Find(group, kind) ?? throw new ClusterException(404, "NotFound", $"no matches for kind \"{kind}\" in version \"{apiVersion}\"");
        return served with { Version = apiVersion.Split('/')[^1] };
    }
}

file static class ContainerNames
{
    internal static bool Name(this JsonObject container, string name) => container.Text("name") == name;
}
