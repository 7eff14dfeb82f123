using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Trees;

namespace CanaryFunctions.Simulator.Api.Authorization;

/// <summary>One rule of a Role or ClusterRole: which verbs, on which resources or paths.</summary>
internal sealed class AccessRule(JsonObject rule)
{
    private const string Any = "*";

    private readonly string[] _verbs = [.. rule.Arr("verbs").Strings()];
    private readonly string[] _groups = [.. rule.Arr("apiGroups").Strings()];
    private readonly string[] _resources = [.. rule.Arr("resources").Strings()];
    private readonly string[] _names = [.. rule.Arr("resourceNames").Strings()];
    private readonly string[] _paths = [.. rule.Arr("nonResourceURLs").Strings()];

    /// <summary>The rule as it was written, for <c>kubectl auth can-i --list</c>.</summary>
    public JsonObject Json { get; } = rule;

    /// <summary>The rule's own words that allow it; null when it does not. User and role are the caller's to fill in.</summary>
    public AccessGrant? Allows(AccessAttributes wanted)
    {
        if (Find(_verbs, wanted.Verb) is not { } verb)
        {
            return null;
        }

        if (wanted.Resource.Length == 0)
        {
            return _paths.FirstOrDefault(p => Covers(p, wanted.Path)) is { } path ? new("", "", verb, "", path, "") : null;
        }

        var name = _names.Length == 0 ? "" : _names.FirstOrDefault(n => n == wanted.Name);
        return Find(_groups, wanted.Group) is { } group && FindResource(wanted) is { } resource && name is not null
            ? new("", "", verb, group, resource, name)
            : null;
    }

    private static string? Find(string[] given, string wanted) => given.FirstOrDefault(g => g == Any || g == wanted);

    private string? FindResource(AccessAttributes wanted)
        => _resources.FirstOrDefault(r => r == Any || r == wanted.FullResource || (wanted.Subresource.Length > 0 && r == $"{Any}/{wanted.Subresource}"));

    private static bool Covers(string pattern, string path)
        => pattern == Any || pattern == path || (pattern.EndsWith('*') && path.StartsWith(pattern.TrimEnd('*'), StringComparison.Ordinal));
}
