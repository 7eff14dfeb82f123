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

        foreach (var (key, value) in metadata.Obj("labels") ?? [])
        {
            if (value.Str() is not { Length: <= 63 } text || !LabelValue().IsMatch(text))
            {
                yield return FieldError.Invalid("metadata.labels", value,
                    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character, at most 63");
            }

            if (!QualifiedName().IsMatch(key))
            {
                yield return FieldError.Invalid("metadata.labels", key, "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character");
            }
        }

        foreach (var (key, value) in metadata.Obj("annotations") ?? [])
        {
            if (value.Str() is null)
            {
                yield return FieldError.Invalid($"metadata.annotations[{key}]", value, "must be a string");
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
