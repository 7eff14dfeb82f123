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
        if (spec["upstreamRef"].IsPresent)
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

        target["name"].AsObjectName("give the object's name", isCopied: true);
    }

    private static void CheckAutoscaler(SpecField autoscaler)
    {
        if (!autoscaler.IsObject())
        {
            return;
        }

        var apiVersion = autoscaler["apiVersion"].AsRequiredText("give autoscaling/v2");
        var kind = autoscaler["kind"].AsRequiredText("give HorizontalPodAutoscaler");
        if (kind == "ScaledObject")
        {
            autoscaler["kind"].Report("is not supported yet; use HorizontalPodAutoscaler.");
        }
        else if (kind is not null and not "HorizontalPodAutoscaler")
        {
            autoscaler["kind"].Report(NameHint.Unknown("a kind of autoscaler", kind, ["HorizontalPodAutoscaler"]));
        }
        else if (kind is not null && apiVersion is not null && !apiVersion.StartsWith("autoscaling/", StringComparison.Ordinal))
        {
            autoscaler["apiVersion"].Report("is not where HorizontalPodAutoscalers are; use autoscaling/v2.");
        }

        autoscaler["name"].AsObjectName("give the object's name", isCopied: true);
        autoscaler["primaryScalerQueries"].AsMapOfTexts();
        if (kind == "HorizontalPodAutoscaler" && autoscaler["primaryScalerQueries"].IsPresent)
        {
            autoscaler["primaryScalerQueries"].Warn("", "is not read for a HorizontalPodAutoscaler, which has no queries; leave it out.");
        }

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

        if (reference["apiVersion"].AsRequiredText($"give {apiVersion}") is { } given && !given.Contains('/', StringComparison.Ordinal))
        {
            reference["apiVersion"].Report($"is not where kind {kind} is; use {apiVersion}.");
        }

        if (reference["kind"].AsRequiredText($"give {kind}") is not null)
        {
            reference["kind"].AsOneOf("a kind that can be referred to here", [kind]);
        }

        reference["name"].AsObjectName("give the object's name");
    }
}
