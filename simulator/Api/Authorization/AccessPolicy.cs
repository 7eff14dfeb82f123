using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Resources;
using CanaryFunctions.Simulator.Api.Storage;
using CanaryFunctions.Simulator.Api.Trees;

namespace CanaryFunctions.Simulator.Api.Authorization;

/// <summary>The stored roles and bindings, read once: who may do what. Never changed; a new one is read when one of them changes.</summary>
internal sealed class AccessPolicy
{
    private readonly List<Binding> _bindings;

    private AccessPolicy(List<Binding> bindings) => _bindings = bindings;

    public static AccessPolicy Read(ObjectStore store)
    {
        var roles = new Dictionary<string, IReadOnlyList<AccessRule>>(StringComparer.Ordinal);
        foreach (var role in store.List(BuiltInResources.ClusterRoles).Items.Concat(store.List(BuiltInResources.Roles).Items))
        {
            roles[NameOf(role.Namespace, role.Name)] = [.. role.Json.Arr("rules").Objects().Select(r => new AccessRule(r))];
        }

        return new([.. store.List(BuiltInResources.ClusterRoleBindings).Items.Concat(store.List(BuiltInResources.RoleBindings).Items).Select(b => Bind(b, roles))]);
    }

    /// <summary>The right that allows it, with the binding's name as the reason; null with what went wrong in looking, or empty.</summary>
    public (AccessGrant? Grant, string Reason) Decide(AccessAttributes wanted)
    {
        var missing = new List<string>();
        foreach (var binding in Applying(wanted.User, wanted.Namespace))
        {
            if (binding.Rules is null)
            {
                missing.Add(binding.Missing);
                continue;
            }

            if (binding.Rules.Select(r => r.Allows(wanted)).FirstOrDefault(g => g is not null) is { } grant)
            {
                return (grant with { User = wanted.User.Name, Role = binding.Role }, $"RBAC: allowed by {binding.Name}");
            }
        }

        return (null, missing.Count == 0 ? "" : $"RBAC: {Joined(missing)}");
    }

    /// <summary>The user's rules in a namespace, and everywhere.</summary>
    public IEnumerable<AccessRule> RulesOf(ApiUser user, string ns) => Applying(user, ns).SelectMany(b => b.Rules ?? []);

    private static string Joined(List<string> missing) => missing.Count == 1 ? missing[0] : $"[{string.Join(", ", missing.Distinct())}]";

    private IEnumerable<Binding> Applying(ApiUser user, string ns)
        => _bindings.Where(b => (b.Namespace.Length == 0 || b.Namespace == ns) && b.Subjects.Any(s => IsMeant(s, user, b.Namespace)));

    private static bool IsMeant(JsonObject subject, ApiUser user, string ns) => subject.Str("kind") switch
    {
        "User" => subject.Str("name") == user.Name,
        "Group" => user.Groups.Contains(subject.Str("name")),
        "ServiceAccount" => ApiUser.ServiceAccountName(subject.Str("namespace") ?? ns, subject.Str("name") ?? "") == user.Name,
        _ => false,
    };

    private static string NameOf(string ns, string name) => ns.Length == 0 ? $"ClusterRole/{name}" : $"Role/{ns}/{name}";

    private static Binding Bind(StoredObject binding, Dictionary<string, IReadOnlyList<AccessRule>> roles)
    {
        var (kind, name) = (binding.Json.Str("roleRef", "kind") ?? "", binding.Json.Str("roleRef", "name") ?? "");
        var role = NameOf(kind == "Role" ? binding.Namespace : "", name);
        var own = binding.Namespace.Length == 0 ? $"ClusterRoleBinding \"{binding.Name}\"" : $"RoleBinding \"{binding.Name}/{binding.Namespace}\"";
        return new(binding.Namespace, role, $"{own} of {kind} \"{name}\"", $"{kind.ToLowerInvariant()}.rbac.authorization.k8s.io \"{name}\" not found",
            [.. binding.Json.Arr("subjects").Objects()], roles.GetValueOrDefault(role));
    }

    private sealed record Binding(
        string Namespace, string Role, string Name, string Missing, IReadOnlyList<JsonObject> Subjects, IReadOnlyList<AccessRule>? Rules);
}
