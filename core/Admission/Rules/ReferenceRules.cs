namespace CanaryFunctions.Core.Admission.Rules;

/// <summary>References to other objects (contracts/core.md 1.2).</summary>
internal static class ReferenceRules
{
    // The contract knows them; this version does not drive them.
    private static readonly string[] LaterTargets = ["DaemonSet", "Service"];

    public static void Check(SpecField spec, RuleContext context)
    {
        CheckTarget(spec["targetRef"]);
        CheckAutoscaler(spec["autoscalerRef"]);
        CheckReference(spec["ingressRef"], "Ingress", "networking.k8s.io/v1");
        CheckReference(spec["routeRef"], "ApisixRoute", "apisix.apache.org/v2");
        CheckReference(spec["upstreamRef"], "Upstream", "gloo.solo.io/v1");
        if (spec["upstreamRef"].Node is not null)
        {
            context.CheckNamespace(spec["upstreamRef"], "gloo upstream");
        }
    }

    private static void CheckTarget(SpecField target)
    {
        if (!target.IsObject())
        {
            if (!target.IsPresent)
            {
                target.Report("is missing; give apiVersion apps/v1, kind Deployment and the name.");
            }

            return;
        }

        var apiVersion = target["apiVersion"].AsRequiredText("give apps/v1");
        var kind = target["kind"].AsRequiredText("give Deployment");
        if (LaterTargets.Contains(kind, StringComparer.Ordinal))
        {
            target["kind"].Report("is not supported as a target by this version; use Deployment.");
        }
        else if (kind is not null and not "Deployment")
        {
            target["kind"].Report(NameHint.Unknown("a kind that can be a target", kind, ["Deployment"]));
        }
        else if (kind is not null && apiVersion is not null && !apiVersion.StartsWith("apps/", StringComparison.Ordinal))
        {
            target["apiVersion"].Report("is not where Deployments are; use apps/v1.");
        }

        CheckName(target["name"]);
    }

    private static void CheckAutoscaler(SpecField autoscaler)
    {
        if (!autoscaler.IsObject())
        {
            return;
        }

        autoscaler["apiVersion"].AsRequiredText("give autoscaling/v2");
        var kind = autoscaler["kind"].AsRequiredText("give HorizontalPodAutoscaler");
        if (kind == "ScaledObject")
        {
            autoscaler["kind"].Report("is not supported yet; use HorizontalPodAutoscaler.");
        }
        else if (kind is not null and not "HorizontalPodAutoscaler")
        {
            autoscaler["kind"].Report(NameHint.Unknown("a kind of autoscaler", kind, ["HorizontalPodAutoscaler"]));
        }

        CheckName(autoscaler["name"]);
        autoscaler["primaryScalerQueries"].AsMapOfTexts();
        if (autoscaler["primaryScalerReplicas"].IsObject())
        {
            CheckReplicas(autoscaler["primaryScalerReplicas"]);
        }
    }

    private static void CheckReplicas(SpecField replicas)
    {
        var min = replicas["minReplicas"].AsInteger(1);
        var max = replicas["maxReplicas"].AsInteger(1);
        if (min > max)
        {
            replicas["minReplicas"].Report($"must not be more than maxReplicas, {max}.");
        }
    }

    private static void CheckReference(SpecField reference, string kind, string apiVersion)
    {
        if (!reference.IsObject())
        {
            return;
        }

        reference["apiVersion"].AsRequiredText($"give {apiVersion}");
        if (reference["kind"].AsRequiredText($"give {kind}") is not null)
        {
            reference["kind"].AsOneOf("a kind that can be referred to here", [kind]);
        }

        CheckName(reference["name"]);
    }

    private static void CheckName(SpecField field)
    {
        if (field.AsRequiredText("give the object's name") is { } name && !DnsName.IsSubdomain(name))
        {
            field.Report("must be a DNS name: lower-case letters, digits, '-' and '.', at most 253 characters.");
        }
    }
}
