using CanaryFunctions.Core.Analysis.Templates;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Admission.Cluster;

/// <summary>
/// What a Canary has to wait for, and what it will take over. Never denied: tools apply objects in any order, and dry-run them all first. What is not known is
/// not said.
/// </summary>
internal sealed class ClusterWarnings(Canary canary, TargetIndex index, CanaryOptions options)
{
    private const int MaxLabelValue = 63;

    private readonly List<SpecProblem> _found = [];

    /// <param name="isNew">Whether the Canary's objects are still to be made.</param>
    public IReadOnlyList<SpecProblem> All(bool isNew)
    {
        CheckTarget();
        CheckReferences();
        CheckMetrics();
        foreach (var (i, alert) in canary.Spec.Analysis.Alerts.Index())
        {
            NeedsToExist($"spec.analysis.alerts[{i}].providerRef", Kinds.AlertProvider, alert.ProviderNamespace, alert.ProviderName);
        }

        if (isNew)
        {
            CheckTakenOver();
        }

        return _found;
    }

    private void CheckTarget()
    {
        if (canary.Spec.TargetRef.Kind != Kinds.Deployment.Kind)
        {
            return;
        }

        NeedsToExist("spec.targetRef", Kinds.Deployment, null, canary.TargetName);
        if (index.Find<KnownWorkload>(Kinds.Deployment, canary.Namespace, canary.TargetName) is not { } target)
        {
            return;
        }

        var where = $"Deployment {canary.TargetName}.{canary.Namespace}";
        var label = options.SelectorLabels.FirstOrDefault(target.Selector.ContainsKey);
        if (label is null)
        {
            Say("spec.targetRef", $"names {where}, whose spec.selector.matchLabels has none of the labels {string.Join(", ", options.SelectorLabels)}; "
                + "the Canary waits for one that has. Selectors cannot be changed: make the Deployment anew, or add a label of its own to the setting selector-labels.");
        }
        else if (target.Selector[label].Length > MaxLabelValue - "-primary".Length)
        {
            Say("spec.targetRef", $"names {where}, whose label {label} is too long for '-primary' behind it; use a value of at most {MaxLabelValue - "-primary".Length} characters.");
        }

        if (canary.Spec.Service.TargetPort.Text() is { } port && !target.Ports.Contains(port))
        {
            var ports = target.Ports.Count > 0 ? $"its ports are called: {string.Join(", ", target.Ports)}" : "its ports have no names";
            Say("spec.service.targetPort", $"'{port}' is no port of {where}; {ports}.");
        }
    }

    private void CheckReferences()
    {
        if (canary.Spec.IngressRef is { } ingress)
        {
            NeedsToExist("spec.ingressRef", Kinds.Ingress, null, ingress.Name);
        }

        if (canary.Spec.AutoscalerRef?.Reference is { Kind: "HorizontalPodAutoscaler" } scaler)
        {
            NeedsToExist("spec.autoscalerRef", IndexedKinds.Autoscaler, null, scaler.Name);
        }
    }

    private void CheckMetrics()
    {
        foreach (var (i, metric) in canary.Spec.Analysis.Metrics.Index().Where(m => m.Item.TemplateName is not null))
        {
            var path = $"spec.analysis.metrics[{i}].templateRef";
            NeedsToExist(path, Kinds.MetricTemplate, metric.TemplateNamespace, metric.TemplateName!);
            var ns = metric.TemplateNamespace ?? canary.Namespace;
            if (index.Find<KnownTemplate>(Kinds.MetricTemplate, ns, metric.TemplateName!) is { } template
                && QueryTemplate.Render(template.Query, QueryVariables.For(canary, metric)).Error is { } error)
            {
                Say(path, $"leads to MetricTemplate {metric.TemplateName}.{ns}, whose query cannot be rendered for this metric: {error.TrimEnd('.')}.");
            }
        }
    }

    // Found in the namespace before the Canary: somebody made it for another purpose, or a Canary before this one left it.
    private void CheckTakenOver()
    {
        var path = canary.Spec.Service.Name is null ? "spec.service" : "spec.service.name";
        foreach (var (service, pods) in new[] { (canary.ApexService, "primary"), (canary.PrimaryService, "primary"), (canary.CanaryService, "canary") })
        {
            if (index.Find<KnownObject>(Kinds.Service, canary.Namespace, service) is { Controller: null })
            {
                Say(path, $"takes over Service {service}.{canary.Namespace}, which exists: its selector and ports are replaced so that it leads to the {pods}'s pods, "
                    + "and it stays when the Canary is deleted.");
            }
        }

        if (index.Find<KnownObject>(Kinds.Deployment, canary.Namespace, canary.PrimaryName) is { Controller: null })
        {
            Say("spec.targetRef", $"takes over Deployment {canary.PrimaryName}.{canary.Namespace}, which exists: it serves as the primary, and each promotion writes the target's template into it.");
        }
    }

    private void NeedsToExist(string path, ResourceKind kind, string? ns, string name)
    {
        if (name.Length > 0 && index.Exists(kind, ns ?? canary.Namespace, name) == false)
        {
            Say(path, $"names {kind.Kind} {name}.{ns ?? canary.Namespace}, which does not exist yet; the Canary takes it up when it appears.");
        }
    }

    private void Say(string path, string text) => _found.Add(new(path, "", text));
}
