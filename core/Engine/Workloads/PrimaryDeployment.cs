using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Routing;

namespace CanaryFunctions.Core.Engine.Workloads;

/// <summary>The Deployment that serves: <c>NAME-primary</c>, made from the target and brought to its template at promotion (contracts/core.md 4.1). Pure.</summary>
public static class PrimaryDeployment
{
    /// <summary>Annotation whose change forces the primary to roll.</summary>
    internal const string RollTrigger = "flagger-id";

    private static readonly string[] CopiedSpecFields = ["progressDeadlineSeconds", "minReadySeconds", "revisionHistoryLimit", "strategy"];

    public static ObjectRef RefOf(Canary canary) => new(Kinds.Deployment, canary.Namespace, canary.PrimaryName);

    /// <summary>A new primary with the target's template.</summary>
    /// <param name="runId">The run that it is promoted by; null for none.</param>
    public static JsonObject Create(Canary canary, JsonObject target, PodSelector selector, CanaryOptions options, string? runId = null)
    {
        var primary = KubeObject.New(Kinds.Deployment, canary.Namespace, canary.PrimaryName);
        primary.Metadata()["ownerReferences"] = new JsonArray(canary.OwnerReference());
        var spec = primary.Section("spec");
        spec["replicas"] = target.Integer("spec", "replicas") is > 0 and var replicas ? replicas : 1;
        spec["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { [selector.Key] = selector.PrimaryValue } };
        CopySpecFields(target, spec);
        spec["template"] = Template(canary, target, selector, options, runId ?? TemplateHash.Of(target.At("spec", "template")));
        SetMetadata(primary, target, selector, options);
        return primary;
    }

    /// <summary>The primary with the target's template. Everything else that it has stays.</summary>
    /// <param name="keepReplicas">With an autoscaler the primary's size is the scaler's business.</param>
    /// <param name="runId">Makes the roll trigger, so that repeating the step changes nothing.</param>
    public static JsonObject Promote(Canary canary, JsonObject primary, JsonObject target, PodSelector selector, CanaryOptions options, bool keepReplicas, string runId)
    {
        var promoted = primary.Copy();
        var spec = promoted.Section("spec");
        if (!keepReplicas && target.Integer("spec", "replicas") is > 0 and var replicas)
        {
            spec["replicas"] = replicas;
        }

        CopySpecFields(target, spec);
        spec["template"] = Template(canary, target, selector, options, runId);
        SetMetadata(promoted, target, selector, options);
        return promoted;
    }

    /// <summary>Whether the primary runs the target's template. Used at adoption, where no hash can be trusted.</summary>
    public static bool RunsTemplateOf(Canary canary, JsonObject primary, JsonObject target, PodSelector selector, CanaryOptions options)
    {
        var trigger = RollTriggerOf(primary) ?? "";
        return TemplateHash.Of(primary.At("spec", "template")) == TemplateHash.Of(Template(canary, target, selector, options, trigger));
    }

    /// <summary>Id of the run that the primary was promoted by last; null when there is none.</summary>
    internal static string? RollTriggerOf(JsonObject? primary) => primary.Text("spec", "template", "metadata", "annotations", RollTrigger);

    private static JsonObject Template(Canary canary, JsonObject target, PodSelector selector, CanaryOptions options, string trigger)
    {
        var template = (JsonObject)(target.ObjectAt("spec", "template")?.DeepClone() ?? new JsonObject());
        var metadata = template.Section("metadata");
        var labels = CopiedMetadata.ToJson(CopiedMetadata.WithoutFlux(metadata.Map("labels")));
        labels[selector.Key] = selector.PrimaryValue;
        metadata["labels"] = labels;
        var annotations = CopiedMetadata.ToJson(CopiedMetadata.WithoutFlux(metadata.Map("annotations")));
        annotations[RollTrigger] = trigger;
        metadata["annotations"] = annotations;
        PrimaryAffinity.Rewrite(template, selector, options.SelectorLabels, canary.TargetName);
        return template;
    }

    private static void CopySpecFields(JsonObject target, JsonObject spec)
    {
        foreach (var field in CopiedSpecFields)
        {
            if (target.At("spec", field) is { } value)
            {
                spec[field] = value.DeepClone();
            }
        }
    }

    // Only included keys are copied, at creation as at promotion; keys that others put on the primary stay.
    private static void SetMetadata(JsonObject primary, JsonObject target, PodSelector selector, CanaryOptions options)
    {
        var labels = primary.Metadata().Section("labels");
        foreach (var (key, value) in CopiedMetadata.Included(target.Map("metadata", "labels"), options.IncludeLabelPrefixes))
        {
            labels[key] = value;
        }

        labels[selector.Key] = selector.PrimaryValue;
        foreach (var (key, value) in CopiedMetadata.Included(target.Map("metadata", "annotations"), options.IncludeLabelPrefixes))
        {
            primary.Metadata().Section("annotations")[key] = value;
        }
    }
}
