using System.Text.Json.Nodes;
using CanaryFunctions.Core.Admission.Cluster;
using CanaryFunctions.Core.Conversion;

namespace CanaryFunctions.Core.Admission;

/// <summary>Everything that is said about a written object of ours: rules of the object, of the cluster, and of the change. Pure but for the index.</summary>
public sealed class ObjectReview(
    CanaryValidator canaries, MetricTemplateValidator templates, AlertProviderValidator alertProviders, ClusterRules cluster, CanaryOptions options)
{
    private static readonly SpecProblem OldName =
        new("spec.canaryAnalysis", "", "is read as spec.analysis, which is its name in flagger.app/v1beta1; rename it, so that kubectl get shows its columns.");

    /// <summary>Problems and warnings, in the names that the author used.</summary>
    /// <param name="subject">The object of the request.</param>
    public SpecFindings Examine(AdmissionRequest request, JsonObject subject)
    {
        switch (request.Kind)
        {
            case "Canary":
                return Mended(request, subject);
            case "MetricTemplate":
                return With(templates.Examine(subject), cluster.SecretWarnings(subject, "spec", "provider"));
            case "AlertProvider":
                return With(alertProviders.Examine(subject), cluster.SecretWarnings(subject, "spec"));
            default:
                return new([], []);
        }
    }

    private SpecFindings Mended(AdmissionRequest request, JsonObject subject)
    {
        var canary = CanaryConversion.Mend(subject);
        var isMended = !ReferenceEquals(canary, subject);
        var findings = Canary(request, canary);
        var written = WrittenPaths.Of(canary, isMended || request.WrittenVersion == "v1alpha3");
        var (problems, warnings) = (findings.Problems.Select(written.Apply), findings.Warnings.Select(written.Apply));
        return new([.. problems], [.. isMended && request.WrittenVersion == "v1beta1" && findings.Problems.Count == 0 ? warnings.Prepend(OldName) : warnings]);
    }

    private SpecFindings Canary(AdmissionRequest request, JsonObject canary)
    {
        var own = canaries.Examine(canary);
        var conflicts = cluster.Conflicts(canary, request.OldObject, request.Name);
        IEnumerable<SpecProblem> bound = [], left = [];
        if (request.OldObject is { } old)
        {
            bound = RunningRelease.Problems(canary, old, options, () => canaries.Validate(CanaryConversion.Mend(old)));
            left = RunningRelease.Warnings(canary, old, options);
        }

        IReadOnlyList<SpecProblem> problems = [.. own.Problems, .. conflicts.Problems, .. bound];
        return problems.Count > 0 ? new(problems, [])
            : new([], [.. own.Warnings, .. conflicts.Warnings, .. left, .. cluster.Warnings(canary, request.OldObject)]);
    }

    private static SpecFindings With(SpecFindings findings, IReadOnlyList<SpecProblem> warnings) => findings with { Warnings = [.. findings.Warnings, .. warnings] };
}
