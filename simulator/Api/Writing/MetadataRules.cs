using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CanaryFunctions.Simulator.Api.Resources;
using CanaryFunctions.Simulator.Api.Trees;

namespace CanaryFunctions.Simulator.Api.Writing;

/// <summary>Checks of names, labels and annotations, which hold for every kind.</summary>
internal static partial class MetadataRules
{
    private const string NameRule = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character "
        + "(e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

    private const string KeyRule = "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character "
        + "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

    private const string ValueRule = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character "
        + "(e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

    public static IEnumerable<FieldError> Check(ResourceType type, JsonObject item)
    {
        var metadata = item.Obj("metadata");
        var name = metadata.Str("name") ?? "";
        if (name.Length == 0)
        {
            yield return FieldError.Required("metadata.name", "name or generateName is required");
        }
        else if (type.Group == "rbac.authorization.k8s.io")
        {
            // RBAC names are path segments: system:node and the like are fine.
            if (name.Contains('/') || name.Contains('%'))
            {
                yield return FieldError.Invalid("metadata.name", name, "may not contain '/' or '%'");
            }
        }
        else if (name.Length > 253 || !Subdomain().IsMatch(name))
        {
            yield return FieldError.Invalid("metadata.name", name, NameRule);
        }

        foreach (var error in Labels(metadata).Concat(Owners(metadata)).Concat(Finalizers(type, metadata)))
        {
            yield return error;
        }
    }

    /// <summary>What an update may not do to metadata.</summary>
    public static IEnumerable<FieldError> CheckUpdate(ResourceType type, JsonObject item, JsonObject live)
    {
        if (live.Str("metadata", "deletionTimestamp") is null)
        {
            yield break;
        }

        var added = item.Arr("metadata", "finalizers").Strings().Except(live.Arr("metadata", "finalizers").Strings()).ToList();
        if (added.Count > 0)
        {
            yield return FieldError.Forbidden("metadata.finalizers",
                $"no new finalizers can be added if the object is being deleted, found new finalizers []string{{{string.Join(", ", added.Select(a => $"\"{a}\""))}}}");
        }
    }

    private static IEnumerable<FieldError> Labels(JsonObject? metadata)
    {
        foreach (var (key, value) in metadata.Obj("labels") ?? [])
        {
            if (!QualifiedName().IsMatch(key))
            {
                yield return FieldError.Invalid("metadata.labels", key, KeyRule);
            }

            if (value.Str() is { Length: > 63 } text)
            {
                yield return FieldError.Invalid("metadata.labels", text, "must be no more than 63 characters");
            }
            else if (!LabelValue().IsMatch(value.Str() ?? ""))
            {
                yield return FieldError.Invalid("metadata.labels", value, ValueRule);
            }
        }

        foreach (var (key, _) in (metadata.Obj("annotations") ?? []).Where(a => !QualifiedName().IsMatch(a.Key.ToLowerInvariant())))
        {
            yield return FieldError.Invalid("metadata.annotations", key, KeyRule);
        }
    }

    private static IEnumerable<FieldError> Owners(JsonObject? metadata)
    {
        var owners = metadata.Arr("ownerReferences").Objects().ToList();
        foreach (var owner in owners)
        {
            foreach (var field in ((string[])["apiVersion", "kind", "name", "uid"]).Where(f => string.IsNullOrEmpty(owner.Str(f))))
            {
                yield return FieldError.Invalid($"metadata.ownerReferences.{field}", "", $"{field} must not be empty");
            }
        }

        if (owners.Count(o => o.Flag("controller") == true) > 1)
        {
            yield return FieldError.Invalid("metadata.ownerReferences", metadata!["ownerReferences"], "Only one reference can have Controller set to true");
        }
    }

    private static IEnumerable<FieldError> Finalizers(ResourceType type, JsonObject? metadata)
    {
        foreach (var (i, name) in metadata.Arr("finalizers").Strings().Index())
        {
            if (!QualifiedName().IsMatch(name))
            {
                yield return FieldError.Invalid("metadata.finalizers", name, KeyRule);
            }
            else if (type.Custom is null && !name.Contains('/') && name is not ("kubernetes" or "orphan" or "foregroundDeletion" or ObjectDeleter.DefinitionCleanup))
            {
                yield return FieldError.Invalid($"metadata.finalizers[{i}]", name, "name is neither a standard finalizer name nor is it fully qualified");
            }
        }
    }

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$")]
    private static partial Regex Subdomain();

    [GeneratedRegex(@"^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$")]
    private static partial Regex LabelValue();

    [GeneratedRegex(@"^([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9]$")]
    private static partial Regex QualifiedName();
}
