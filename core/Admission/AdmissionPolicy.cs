using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Admission;

/// <summary>
/// What to answer a review (rules 9, 12 and 13 of the design). Pure but for the index it reads: no I/O, nothing is remembered, the same review gets the same
/// answer. Denied are only contradictions within the object and proven conflicts; an object that is going, and a write that leaves the spec alone, never.
/// </summary>
public sealed class AdmissionPolicy(ObjectReview review, TargetIndex index, CanaryOptions options)
{
    /// <summary>Mutating call: denies with all problems (it comes before schema validation, which would stop at the first), or fills in defaults.</summary>
    public AdmissionDecision Mutate(AdmissionRequest request)
    {
        if (Examine(request) is not { } subject)
        {
            return AdmissionDecision.Allow;
        }

        var problems = review.Examine(request, subject).Problems;
        if (problems.Count > 0)
        {
            return AdmissionDecision.Deny(Describe(request), problems);
        }

        if (request.Kind != Kinds.Canary.Kind)
        {
            return AdmissionDecision.Allow;
        }

        var defaulted = subject.Copy();
        CanaryDefaults.Apply(defaulted);
        return AdmissionDecision.AllowPatched(JsonPatch.Between(subject, defaulted));
    }

    /// <summary>Validating call: the same verdict on the object as it will be stored, and what its author should know.</summary>
    public AdmissionDecision Validate(AdmissionRequest request)
    {
        if (Examine(request) is not { } subject)
        {
            return AdmissionDecision.Allow;
        }

        var findings = review.Examine(request, subject);
        return findings.Problems.Count > 0
            ? AdmissionDecision.Deny(Describe(request), findings.Problems)
            : AdmissionDecision.AllowWarning([.. findings.Warnings.Select(w => $"{w}")]);
    }

    /// <summary>
    /// False when every call allows the write whatever the object holds: known by its address alone, so that large objects of others need not be read.
    /// </summary>
    public bool Concerns(string group, string kind, string ns, string name) => (group, kind) switch
    {
        ("apps", "Deployment") => index.FindByTarget(kind, ns, name).Count > 0,
        (Kinds.FlaggerGroup, _) => true,
        _ => false,
    };

    /// <summary>Whether the write calls for a look at a Canary. Never denies.</summary>
    /// <param name="ownNamespace">Where we run ourselves; null outside a cluster.</param>
    public AdmissionDecision Detect(AdmissionRequest request, string? ownNamespace = null)
    {
        var isOurs = request.Namespace is not "kube-system" && request.Namespace != ownNamespace && IsInScope(request.Namespace);
        if (request.DryRun || request.SubResource.Length > 0 || !isOurs)
        {
            return AdmissionDecision.Allow;
        }

        return (request.Group, request.Kind) switch
        {
            ("apps", "Deployment") => AdmissionDecision.AllowHinting(TargetHints(request)),
            (Kinds.FlaggerGroup, "Canary") => AdmissionDecision.AllowHinting(CanaryHints(request)),
            _ => AdmissionDecision.Allow,
        };
    }

    private bool IsInScope(string ns) => options.Namespace.Length == 0 || options.Namespace == ns;

    // The object to examine, with its namespace; null when there is nothing to say about the write.
    private JsonObject? Examine(AdmissionRequest request)
    {
        var isChange = request.Operation == AdmissionOperation.Create
            || (request.Operation == AdmissionOperation.Update && !JsonNode.DeepEquals(request.Object?["spec"], request.OldObject?["spec"]));
        if (request.Object is not { } subject || request.Group != Kinds.FlaggerGroup || request.SubResource.Length > 0 || !IsInScope(request.Namespace)
            || !isChange || subject.IsBeingDeleted())
        {
            return null;
        }

        return subject;
    }

    private List<StepHint> TargetHints(AdmissionRequest request)
    {
        if (request.Object is not { } target)
        {
            return [];
        }

        var found = index.FindByTarget(request.Kind, request.Namespace, request.Name);
        if (found.Count == 0)
        {
            return [];
        }

        var template = target.At("spec", "template");
        if (request.OldObject is { } old && JsonNode.DeepEquals(template, old.At("spec", "template")))
        {
            return [];
        }

        // The API server counts up before validating calls; one that does not yet would give the old generation.
        var generation = request.OldObject is null ? Math.Max(1, target.Generation()) : Math.Max(target.Generation(), request.OldObject.Generation() + 1);
        var uid = target.Uid() is { Length: > 0 } given ? given : null;
        var hash = Engine.TemplateHash.Of(template);
        return
        [
            .. found.Select(c => new StepHint(c.Key, request.Uid)
            {
                Cluster = options.MessageCluster,
                TargetUid = uid,
                TargetGeneration = generation,
                TargetHash = hash,
                User = request.User,
            }),
        ];
    }

    private StepHint[] CanaryHints(AdmissionRequest request)
    {
        var isChange = request.Operation switch
        {
            AdmissionOperation.Create or AdmissionOperation.Delete => true,
            AdmissionOperation.Update => !JsonNode.DeepEquals(request.Object?["spec"], request.OldObject?["spec"])
                || (request.Object?.IsBeingDeleted() == true && request.OldObject?.IsBeingDeleted() != true),
            _ => false,
        };
        if (!isChange || request.Name.Length == 0)
        {
            return [];
        }

        long? generation = request.Object is { } edited && request.OldObject is { } old ? Math.Max(edited.Generation(), old.Generation() + 1) : null;
        return [new(new(request.Namespace, request.Name), request.Uid) { Cluster = options.MessageCluster, CanaryGeneration = generation, User = request.User }];
    }

    private static string Describe(AdmissionRequest request)
        => $"{request.Kind} {(request.Name.Length > 0 ? request.Name : "without a name")}.{request.Namespace}";
}
