using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Routing;

namespace CanaryFunctions.Providers.Routers.Skipper;

/// <summary>Makes the clone of the user's Ingress.</summary>
internal static class CanaryIngress
{
    // A controller that applies the user's sources must neither prune nor revert what it did not write.
    private static readonly (string Key, string Value)[] ToolkitAnnotations =
        [("helm.toolkit.fluxcd.io/driftDetection", "disabled"), ("kustomize.toolkit.fluxcd.io/reconcile", "disabled")];

    // The last-applied configuration of the user's Ingress describes another object.
    private const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";

    /// <summary>The whole clone. What others put on the live one stays; what came from the user's Ingress follows it.</summary>
    public static JsonObject Build(RouteInput input, IngressPair pair, JsonObject apex, JsonObject? live, TrafficSplit split)
    {
        var clone = live?.Copy() ?? KubeObject.New(pair.Canary.Kind, pair.Canary.Namespace, pair.Canary.Name);
        clone["spec"] = IngressPaths.Split(apex, input.Canary);
        SetOwner(clone, input.Owner);

        var copied = CopiedKeys.Of(apex, [BackendWeights.Annotation, SkipperPredicates.Annotation, LastApplied]);
        copied.Apply(apex, clone);
        var annotations = clone.Metadata().Section("annotations");
        annotations.Remove(LastApplied);
        foreach (var (key, value) in ToolkitAnnotations)
        {
            annotations[key] = value;
        }

        annotations[BackendWeights.Annotation] = BackendWeights.Write(input.Canary, split, apex.Annotation(BackendWeights.Annotation));
        annotations[SkipperPredicates.Annotation] =
            SkipperPredicates.Read(apex.Annotation(SkipperPredicates.Annotation)).Write(active: split.Canary > 0);
        return clone;
    }

    private static void SetOwner(JsonObject clone, JsonObject owner)
    {
        var references = clone.Metadata()["ownerReferences"] as JsonArray ?? [];
        var ours = references.Select((o, i) => (o, i)).Where(p => p.o.Text("uid") == owner.Text("uid")).Select(p => p.i).DefaultIfEmpty(-1).First();
        if (ours >= 0)
        {
            references[ours] = owner.DeepClone();
        }
        else
        {
            references.Add(owner.DeepClone());
        }

        if (references.Parent is null)
        {
            clone.Metadata()["ownerReferences"] = references;
        }
    }
}
