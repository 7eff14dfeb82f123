using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Admission;

/// <summary>What a Canary refers to and is known not to exist. Warned of, never denied: tools apply objects in any order, and dry-run them all first.</summary>
internal static class ReferenceWarnings
{
    public static IReadOnlyList<string> For(JsonObject raw, TargetIndex index)
    {
        var canary = Canary.From(raw);
        var warnings = new List<string>();
        if (canary.Spec.TargetRef.Kind == Kinds.Deployment.Kind)
        {
            Check("spec.targetRef", Kinds.Deployment, canary.Namespace, canary.TargetName);
        }

        if (canary.Spec.IngressRef is { } ingress)
        {
            Check("spec.ingressRef", Kinds.Ingress, canary.Namespace, ingress.Name);
        }

        foreach (var (i, metric) in canary.Spec.Analysis.Metrics.Index().Where(m => m.Item.TemplateName is not null))
        {
            Check($"spec.analysis.metrics[{i}].templateRef", Kinds.MetricTemplate, metric.TemplateNamespace ?? canary.Namespace, metric.TemplateName!);
        }

        foreach (var (i, alert) in canary.Spec.Analysis.Alerts.Index())
        {
            Check($"spec.analysis.alerts[{i}].providerRef", Kinds.AlertProvider, alert.ProviderNamespace ?? canary.Namespace, alert.ProviderName);
        }

        return warnings;

        void Check(string path, ResourceKind kind, string ns, string name)
        {
            if (index.Exists(kind, ns, name) == false)
            {
                warnings.Add($"{path}: {new ObjectRef(kind, ns, name)} does not exist yet; the Canary takes it up when it appears.");
            }
        }
    }
}
