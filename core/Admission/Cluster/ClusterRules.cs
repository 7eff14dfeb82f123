using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Routing;

namespace CanaryFunctions.Core.Admission.Cluster;

/// <summary>The rules that look at the cluster, answered from memory (rule 12 of the design). Pure but for the index they read.</summary>
public sealed class ClusterRules(TargetIndex index, Catalog<ITrafficRouter> routers, CanaryOptions options)
{
    /// <summary>Proven conflicts of a Canary, and those that it had before: an update that keeps one can still mend other fields.</summary>
    /// <param name="old">Null when it is created.</param>
    public SpecFindings Conflicts(JsonObject canary, JsonObject? old, string name)
    {
        var found = ClusterConflicts.Of(canary, name, index).ToList();
        var known = old is null ? [] : ClusterConflicts.Of(old, name, index).ToList();
        return new([.. found.Except(known)], [.. found.Intersect(known)]);
    }

    /// <summary>What a good Canary has to wait for, and what it takes over.</summary>
    /// <param name="old">Null when it is created.</param>
    public IReadOnlyList<SpecProblem> Warnings(JsonObject raw, JsonObject? old)
    {
        var canary = Canary.From(raw);
        var before = old is null ? null : Canary.From(old);
        var isNew = before is null || (before.ApexService, before.TargetName) != (canary.ApexService, canary.TargetName);
        var provider = canary.Spec.Provider ?? options.MeshProvider ?? "";
        IEnumerable<SpecProblem> api = routers.Find(provider) is { } router ? ApiWarnings.Of(canary, provider, router, index) : [];
        return [.. api, .. new ClusterWarnings(canary, index, options).All(isNew)];
    }

    /// <summary>The Secret that a MetricTemplate or AlertProvider takes its credentials from, if it does not exist.</summary>
    /// <param name="section">Where its <c>secretRef</c> is: <c>spec</c> or <c>spec.provider</c>.</param>
    public IReadOnlyList<SpecProblem> SecretWarnings(JsonObject obj, params string[] section)
        => obj.At(section).Text("secretRef", "name") is { Length: > 0 } name && index.Exists(Kinds.Secret, obj.Namespace(), name) == false
            ? [new($"{string.Join('.', section)}.secretRef", "", $"names Secret {name}.{obj.Namespace()}, which does not exist yet; it is read each time it is needed.")]
            : [];
}
