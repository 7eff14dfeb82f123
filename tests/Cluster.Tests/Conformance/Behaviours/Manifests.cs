namespace CanaryFunctions.Cluster.Tests.Conformance.Behaviours;

/// <summary>Objects that several behaviours need.</summary>
internal static class Manifests
{
    internal static string Deployment(string name, string more = "") => $$"""
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: {{name}} }
        spec:
          replicas: 0
          selector: { matchLabels: { app: {{name}} } }
          template:
            metadata: { labels: { app: {{name}} } }
            spec:
              containers:
                - name: main
                  image: app:1
                  ports: [{ containerPort: 9898, name: http }]
                  env: [{ name: A, value: '1' }, { name: B, value: '2' }]
                - { name: side, image: side:1 }
        {{more}}
        """;

    internal static string Owned(string kind, string apiVersion, string name, string uid, bool blocks = false)
        => $"ownerReferences: [{{apiVersion: {apiVersion}, kind: {kind}, name: {name}, uid: '{uid}', blockOwnerDeletion: {(blocks ? "true" : "false")}}}]";
}
