using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Admission.Cluster;

/// <summary>What would have two masters if the Canary were let in. Denied, because something that runs would break; a Canary that only would have to wait is not.</summary>
internal static class ClusterConflicts
{
    /// <param name="raw">Belongs to no Canary yet, or to the one of that name.</param>
    public static IEnumerable<SpecProblem> Of(JsonObject raw, string name, TargetIndex index)
    {
        var canary = Canary.From(raw);
        if (canary.TargetName.Length == 0)
        {
            return [];
        }

        var others = index.InNamespace(canary.Namespace).Where(c => !c.IsBeingDeleted && c.Key.Name != name && c.Target.Name.Length > 0).ToList();
        return [.. Targets(canary, raw, others), .. Services(canary, others), .. Managed(canary, index), .. Scaler(canary, index)];
    }

    private static IEnumerable<SpecProblem> Targets(Canary canary, JsonObject raw, IReadOnlyList<IndexedCanary> others)
    {
        var target = TargetKey.Of(raw);
        foreach (var other in others)
        {
            if (other.Target == target)
            {
                yield return new("spec.targetRef.name", target.Name, $"is the target of Canary {other.Key} already; a {target.Kind} can have one Canary.");
            }
            else if (other.Target.Kind == target.Kind && other.PrimaryName == target.Name)
            {
                yield return new("spec.targetRef.name", target.Name, $"is the primary that Canary {other.Key} makes of {other.Target.Name}; name a {target.Kind} of your own.");
            }
            else if (other.Target.Kind == target.Kind && other.Target.Name == canary.PrimaryName)
            {
                yield return new("spec.targetRef.name", target.Name, $"would have the primary {canary.PrimaryName}, which is the target of Canary {other.Key}; name another {target.Kind}.");
            }
        }
    }

    // One target means one apex as well, and its primary the same name; that is said already.
    private static IEnumerable<SpecProblem> Services(Canary canary, IReadOnlyList<IndexedCanary> others)
    {
        string[] mine = [canary.ApexService, canary.PrimaryService, canary.CanaryService];
        foreach (var other in others.Where(o => o.Target.Name != canary.TargetName && o.PrimaryName != canary.TargetName && o.Target.Name != canary.PrimaryName))
        {
            if (mine.Intersect(other.Services, StringComparer.Ordinal).FirstOrDefault() is { } shared)
            {
                yield return new(ApexPath(canary), canary.ApexService, $"leads to the Service {shared}, which Canary {other.Key} makes; give spec.service.name another name.");
            }
        }
    }

    // Another controller would write back what the Canary changes, for ever. Other Canaries are told apart by their names above; what a deleted one left goes.
    private static IEnumerable<SpecProblem> Managed(Canary canary, TargetIndex index)
    {
        foreach (var service in (string[])[canary.ApexService, canary.PrimaryService, canary.CanaryService])
        {
            if (Manager(Kinds.Service, service) is { } manager)
            {
                yield return new(ApexPath(canary), canary.ApexService, $"needs the Service {service}, which {manager} manages; give spec.service.name another name.");
            }
        }

        if (Manager(Kinds.Deployment, canary.PrimaryName) is { } owner)
        {
            yield return new("spec.targetRef.name", canary.TargetName, $"needs the Deployment {canary.PrimaryName} for its primary, which {owner} manages; rename one of them.");
        }

        string? Manager(ResourceKind kind, string obj)
            => index.Find<KnownObject>(kind, canary.Namespace, obj)?.Controller is { } controller
                && !controller.StartsWith($"{Kinds.Canary.Kind} ", StringComparison.Ordinal) ? controller : null;
    }

    private static IEnumerable<SpecProblem> Scaler(Canary canary, TargetIndex index)
    {
        if (canary.Spec.AutoscalerRef?.Reference is { Kind: "HorizontalPodAutoscaler" } reference
            && index.Find<KnownScaler>(IndexedKinds.Autoscaler, canary.Namespace, reference.Name) is { } scaler
            && (scaler.TargetKind, scaler.TargetName) != (canary.Spec.TargetRef.Kind, canary.TargetName))
        {
            yield return new("spec.autoscalerRef.name", reference.Name,
                $"scales {scaler.TargetKind} {scaler.TargetName} and not {canary.Spec.TargetRef.Kind} {canary.TargetName}; name the autoscaler of the target.");
        }
    }

    private static string ApexPath(Canary canary) => canary.Spec.Service.Name is null ? "spec.targetRef.name" : "spec.service.name";
}
