namespace CanaryFunctions.Simulator.Tests.Workloads;

/// <summary>Objects like those of the guides.</summary>
internal static class Manifests
{
    public static string Podinfo(string name, string version, int replicas, string strategy = "RollingUpdate") => $$"""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{name}}
          namespace: test
        spec:
          replicas: {{replicas}}
          progressDeadlineSeconds: 20
          strategy:
            type: {{strategy}}
          selector:
            matchLabels:
              app: {{name}}
          template:
            metadata:
              annotations:
                prometheus.io/scrape: "true"
                prometheus.io/port: "9797"
              labels:
                app: {{name}}
            spec:
              containers:
              - name: podinfod
                image: ghcr.io/stefanprodan/podinfo:{{version}}
                ports:
                - name: http
                  containerPort: 9898
                - name: http-metrics
                  containerPort: 9797
                command: [./podinfo, --port=9898, --port-metrics=9797]
        """;

    public static string Service(string name, string app) => $$"""
        apiVersion: v1
        kind: Service
        metadata:
          name: {{name}}
          namespace: test
        spec:
          selector:
            app: {{app}}
          ports:
          - name: http
            port: 80
            targetPort: http
        """;

    /// <summary>The guide's Ingress.</summary>
    public const string ApexIngress = """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: podinfo
          namespace: test
          annotations:
            kubernetes.io/ingress.class: "skipper"
        spec:
          rules:
          - host: app.example.com
            http:
              paths:
              - pathType: Prefix
                path: "/"
                backend: {service: {name: podinfo, port: {number: 80}}}
        """;

    /// <summary>The clone that splits the traffic between primary and canary.</summary>
    public static string CanaryIngress(int canary, string predicate = "Weight(100)") => $$$"""
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: podinfo-canary
          namespace: test
          annotations:
            kubernetes.io/ingress.class: "skipper"
            zalando.org/backend-weights: '{"podinfo-canary":{{{canary}}},"podinfo-primary":{{{100 - canary}}}}'
            zalando.org/skipper-predicate: {{{predicate}}}
        spec:
          rules:
          - host: app.example.com
            http:
              paths:
              - {pathType: Prefix, path: /, backend: {service: {name: podinfo-primary, port: {number: 80} } } }
              - {pathType: Prefix, path: /, backend: {service: {name: podinfo-canary, port: {number: 80} } } }
        """;
}
