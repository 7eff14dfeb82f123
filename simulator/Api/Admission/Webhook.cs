using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Cel;
using CanaryFunctions.Simulator.Api.Resources;
using CanaryFunctions.Simulator.Api.Selecting;
using CanaryFunctions.Simulator.Api.Trees;

namespace CanaryFunctions.Simulator.Api.Admission;

/// <summary>One entry of a webhook configuration.</summary>
internal sealed class Webhook(JsonObject raw)
{
    private readonly List<CelExpression> _conditions = [.. raw.Arr("matchConditions").Objects().Select(c => CelExpression.Parse(c.Str("expression") ?? ""))];

    public string Name { get; } = raw.Str("name") ?? "";

    public JsonObject ClientConfig { get; } = raw.Obj("clientConfig") ?? [];

    public TimeSpan Timeout { get; } = TimeSpan.FromSeconds(raw.Int("timeoutSeconds") ?? 10);

    public bool IgnoresFailure { get; } = raw.Str("failurePolicy") == "Ignore";

    /// <summary>reinvocationPolicy IfNeeded: asked once more when a webhook after it has changed the object.</summary>
    public bool WantsLaterChanges { get; } = raw.Str("reinvocationPolicy") == "IfNeeded";

    /// <summary>A webhook with side effects that it does not leave out on dry run makes a dry run fail.</summary>
    public bool AllowsDryRun { get; } = raw.Str("sideEffects") is "None" or "NoneOnDryRun";

    /// <summary>
    /// The version in which the webhook wants the object: the request's own, or with matchPolicy Equivalent another that its rules name. Null when
    /// it is not concerned.
    /// </summary>
    public ResourceType? Match(AdmissionAttributes attributes, IEnumerable<ResourceType> otherVersions, JsonObject? namespaceObject)
    {
        if (!MatchesNamespace(attributes, namespaceObject) || !MatchesObject(attributes))
        {
            return null;
        }

        var candidates = raw.Str("matchPolicy") == "Exact" ? [attributes.Type] : otherVersions.Prepend(attributes.Type);
        return candidates.FirstOrDefault(t => raw.Arr("rules").Objects().Any(r => MatchesRule(r, attributes with { Type = t })));
    }

    /// <summary>True when all conditions hold; a false one outweighs an error of another. Throws <see cref="CelError"/>.</summary>
    public bool ConditionsHold(IReadOnlyDictionary<string, JsonNode?> variables)
    {
        CelError? failed = null;
        foreach (var condition in _conditions)
        {
            try
            {
                if (!condition.IsTrue(variables))
                {
                    return false;
                }
            }
            catch (CelError e)
            {
                failed ??= e;
            }
        }

        return failed is null ? true : throw failed;
    }

    private static bool MatchesRule(JsonObject rule, AdmissionAttributes attributes)
        => Has(rule, "operations", attributes.Operation)
           && Has(rule, "apiGroups", attributes.Type.Group)
           && Has(rule, "apiVersions", attributes.Type.Version)
           && rule.Arr("resources").Strings().Any(r => MatchesResource(r, attributes))
           && rule.Str("scope") switch
           {
               "Namespaced" => attributes.Type.Namespaced,
               "Cluster" => !attributes.Type.Namespaced,
               _ => true,
           };

    private static bool Has(JsonObject rule, string key, string value) => rule.Arr(key).Strings().Any(v => v == "*" || v == value);

    // "*" is every resource but no subresource, "*/*" is everything, "pods/*" all subresources of pods, "*/scale" the scale of everything.
    private static bool MatchesResource(string pattern, AdmissionAttributes attributes)
    {
        var (resource, subresource) = pattern.Split('/', 2) switch
        {
            [var r, var s] => (r, s),
            var one => (one[0], ""),
        };
        if (resource != "*" && resource != attributes.Type.Plural)
        {
            return false;
        }

        return subresource == attributes.Subresource || (subresource == "*" && (resource == "*" || attributes.Subresource.Length > 0));
    }

    private bool MatchesObject(AdmissionAttributes attributes)
    {
        var selector = LabelSelector.FromObject(raw.Obj("objectSelector"));
        return selector.IsEmpty || selector.Matches(attributes.Object.Obj("metadata", "labels")) || selector.Matches(attributes.OldObject.Obj("metadata", "labels"));
    }

    private bool MatchesNamespace(AdmissionAttributes attributes, JsonObject? namespaceObject)
    {
        var selector = LabelSelector.FromObject(raw.Obj("namespaceSelector"));
        if (selector.IsEmpty)
        {
            return true;
        }

        // A Namespace is selected by its own labels, other cluster-wide objects always.
        return attributes.Type switch
        {
            { Namespaced: true } => selector.Matches(namespaceObject.Obj("metadata", "labels")),
            { StorageKey: BuiltInResources.Namespaces } => selector.Matches((attributes.Object ?? attributes.OldObject).Obj("metadata", "labels")),
            _ => true,
        };
    }
}
