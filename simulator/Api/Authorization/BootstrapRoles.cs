using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Trees;
using CanaryFunctions.Simulator.Yaml;

namespace CanaryFunctions.Simulator.Api.Authorization;

/// <summary>Roles that every cluster is born with: administrators, and what everybody may ask about the server and about themselves.</summary>
internal static class BootstrapRoles
{
    private const string Manifests = """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: { name: cluster-admin, labels: { kubernetes.io/bootstrapping: rbac-defaults } }
        rules:
        - { apiGroups: ["*"], resources: ["*"], verbs: ["*"] }
        - { nonResourceURLs: ["*"], verbs: ["*"] }
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: { name: "system:basic-user", labels: { kubernetes.io/bootstrapping: rbac-defaults } }
        rules:
        - { apiGroups: [authorization.k8s.io], resources: [selfsubjectaccessreviews, selfsubjectrulesreviews], verbs: [create] }
        - { apiGroups: [authentication.k8s.io], resources: [selfsubjectreviews], verbs: [create] }
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: { name: "system:discovery", labels: { kubernetes.io/bootstrapping: rbac-defaults } }
        rules:
        - nonResourceURLs: [/api, /api/*, /apis, /apis/*, /healthz, /livez, /openapi, /openapi/*, /readyz, /version, /version/]
          verbs: [get]
        """;

    private static readonly (string Role, string Group)[] Bound =
        [("cluster-admin", "system:masters"), ("system:basic-user", "system:authenticated"), ("system:discovery", "system:authenticated")];

    /// <summary>What an administrator may do.</summary>
    public static IReadOnlyList<AccessRule> Everything { get; } = [.. Roles().First().Arr("rules").Objects().Select(r => new AccessRule(r))];

    /// <summary>Roles and bindings, fresh.</summary>
    public static IEnumerable<JsonObject> Objects() => Roles().Concat(Bound.Select(b => Binding(b.Role, b.Group)));

    private static IEnumerable<JsonObject> Roles() => YamlJson.ParseAll(Manifests).OfType<JsonObject>();

    private static JsonObject Binding(string role, string group) => new()
    {
        ["apiVersion"] = "rbac.authorization.k8s.io/v1",
        ["kind"] = "ClusterRoleBinding",
        ["metadata"] = new JsonObject { ["name"] = role, ["labels"] = new JsonObject { ["kubernetes.io/bootstrapping"] = "rbac-defaults" } },
        ["roleRef"] = new JsonObject { ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = "ClusterRole", ["name"] = role },
        ["subjects"] = new JsonArray(new JsonObject { ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = "Group", ["name"] = group }),
    };
}
