using System.Reflection;
using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Yaml;

namespace CanaryFunctions.Cli.Playground;

/// <summary>
/// The rights that the product has on the embedded cluster: those of infra/kustomize/base, carried inside the program, so that a right that is missing there is
/// missing in the demo and in every scenario.
/// </summary>
internal static class ProductAccess
{
    internal const string Namespace = "flagger-system";
    internal const string Account = "flagger";

    /// <summary>The role that <see cref="Outside"/> gives.</summary>
    internal const string OutsideRole = "flagger-outside";

    private const string Prefix = "base/";

    // A process outside the cluster takes its webhook configurations away when it ends. One inside has replicas and leaves them.
    private const string Outside = """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: { name: flagger-outside }
        rules:
        - apiGroups: [admissionregistration.k8s.io]
          resources: [mutatingwebhookconfigurations]
          resourceNames: [canary-functions-mutate]
          verbs: [delete]
        - apiGroups: [admissionregistration.k8s.io]
          resources: [validatingwebhookconfigurations]
          resourceNames: [canary-functions-validate]
          verbs: [delete]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: { name: flagger-outside }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: flagger-outside }
        subjects:
        - { kind: ServiceAccount, name: flagger, namespace: flagger-system }
        """;

    internal static IReadOnlyList<JsonObject> Objects() => [.. Base(), .. YamlJson.ParseAll(Outside).OfType<JsonObject>()];

    /// <summary>The service account, its roles and bindings of infra/kustomize/base.</summary>
    internal static IEnumerable<JsonObject> Base()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            foreach (var item in YamlJson.ParseAll(reader.ReadToEnd()).OfType<JsonObject>())
            {
                yield return item;
            }
        }
    }
}
