using System.Text.Json.Nodes;
using CanaryFunctions.Core.Admission.Cluster;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Tests.Admission;

/// <summary>What every cluster serves, and what the definitions say.</summary>
internal sealed class ServedByDefinitions(IEnumerable<JsonObject> definitions) : IServedKinds
{
    private readonly List<ResourceKind> _kinds =
    [
        Kinds.Deployment, Kinds.Service, Kinds.Ingress, IndexedKinds.Autoscaler,
        .. from d in definitions
           from v in d.ListAt("spec", "versions")
           select new ResourceKind(d.Text("spec", "group")!, v.Text("name")!, d.Text("spec", "names", "kind")!, d.Text("spec", "names", "plural")!),
    ];

    public ResourceKind? Find(string group, string kind) => FindAll(group, kind) is [var first, ..] ? first : null;

    public IReadOnlyList<ResourceKind> FindAll(string group, string kind) => [.. _kinds.Where(k => k.Group == group && k.Kind == kind)];
}
