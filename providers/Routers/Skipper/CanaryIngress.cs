using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Routing;
using CanaryFunctions.Providers.Routers.Shared;

namespace CanaryFunctions.Providers.Routers.Skipper;

/// <summary>Makes the clone of the user's Ingress.</summary>
internal static class CanaryIngress
{
    // The last-applied configuration of the user's Ingress describes another object.
    private const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";

    /// <summary>The whole clone. What others put on the live one stays; what came from the user's Ingress follows it.</summary>
    public static JsonObject Build(RouteInput input, IngressPair pair, JsonObject apex, JsonObject? live, TrafficSplit split)
    {
        var clone = live?.Copy() ?? KubeObject.New(pair.Canary.Kind, pair.Canary.Namespace, pair.Canary.Name);
        clone["spec"] = IngressPaths.Split(apex, input.Canary);
        Ownership.Take(clone, input.Owner);

        var copied = CopiedKeys.Of(apex, [BackendWeights.Annotation, SkipperPredicates.Annotation, LastApplied]);
        copied.Apply(apex, clone);
        var annotations = clone.Metadata().Section("annotations");
        annotations.Remove(LastApplied);
        ToolkitAnnotations.Add(clone);
        annotations[BackendWeights.Annotation] = BackendWeights.Write(input.Canary, split, apex.Annotation(BackendWeights.Annotation));
        annotations[SkipperPredicates.Annotation] =
            SkipperPredicates.Read(apex.Annotation(SkipperPredicates.Annotation)).Write(active: split.Canary > 0);
        return clone;
    }
}
