using System.Text;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Simulator.Yaml;

namespace CanaryFunctions.Benchmarks;

/// <summary>Objects as clusters hold them, and the reviews that an API server makes of writes to them.</summary>
internal static class Samples
{
    internal const string Namespace = "shop";

    /// <summary>Deployments with a Canary: <c>app-0</c> to <c>app-199</c>.</summary>
    internal const int Targets = 200;

    internal static JsonObject Canary(int number, int threshold = 10) => Yaml($$"""
        apiVersion: flagger.app/v1beta1
        kind: Canary
        metadata: { name: app-{{number}}, namespace: {{Namespace}}, uid: c{{number}}, generation: 1 }
        spec:
          provider: skipper
          targetRef: { apiVersion: apps/v1, kind: Deployment, name: app-{{number}} }
          ingressRef: { apiVersion: networking.k8s.io/v1, kind: Ingress, name: app-{{number}} }
          progressDeadlineSeconds: 60
          service: { port: 80, targetPort: 9898 }
          analysis:
            interval: 10s
            threshold: {{threshold}}
            maxWeight: 50
            stepWeight: 5
            metrics:
            - { name: request-success-rate, interval: 1m, thresholdRange: { min: 99 } }
            - { name: request-duration, interval: 30s, thresholdRange: { max: 500 } }
            webhooks:
            - { name: acceptance-test, type: pre-rollout, url: "http://flagger-loadtester.{{Namespace}}/", timeout: 30s, metadata: { type: bash, cmd: "curl -s http://app-{{number}}-canary/token" } }
            - { name: load-test, type: rollout, url: "http://flagger-loadtester.{{Namespace}}/", timeout: 5s, metadata: { type: cmd, cmd: "hey -z 10m -q 10 -c 2 http://app-{{number}}/" } }
        """);

    /// <param name="padding">Bytes of an annotation that make it larger.</param>
    internal static JsonObject Deployment(string name, string tag, int padding = 0)
    {
        var deployment = Yaml($$"""
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: {{name}}
              namespace: {{Namespace}}
              uid: d-{{name}}
              generation: 4
              labels: { app: {{name}}, team: web, app.kubernetes.io/part-of: shop }
            spec:
              replicas: 3
              selector: { matchLabels: { app: {{name}} } }
              strategy: { type: RollingUpdate, rollingUpdate: { maxSurge: 25%, maxUnavailable: 0 } }
              template:
                metadata: { labels: { app: {{name}} }, annotations: { prometheus.io/scrape: "true", prometheus.io/port: "9797" } }
                spec:
                  serviceAccountName: {{name}}
                  containers:
                  - name: app
                    image: registry.example.com/shop/{{name}}:{{tag}}
                    ports: [{ name: http, containerPort: 9898, protocol: TCP }]
                    env: [{ name: COLOR, value: "#34577c" }, { name: LEVEL, value: info }, { name: TOKEN, valueFrom: { secretKeyRef: { name: {{name}}, key: token } } }]
                    livenessProbe: { httpGet: { path: /healthz, port: http }, initialDelaySeconds: 5, timeoutSeconds: 5 }
                    readinessProbe: { httpGet: { path: /readyz, port: http }, initialDelaySeconds: 5, timeoutSeconds: 5 }
                    resources: { limits: { cpu: "2", memory: 512Mi }, requests: { cpu: 100m, memory: 64Mi } }
            """);
        if (padding > 0)
        {
            deployment.Metadata()["annotations"] = new JsonObject { ["notes"] = new string('x', padding) };
        }

        return deployment;
    }

    /// <summary>A review as JSON text.</summary>
    internal static byte[] Update(string uid, JsonObject now, JsonObject before)
    {
        var (apiVersion, kind) = (now.Text("apiVersion")!.Split('/'), now.Text("kind")!);
        return Encoding.UTF8.GetBytes(new JsonObject
        {
            ["kind"] = "AdmissionReview",
            ["apiVersion"] = "admission.k8s.io/v1",
            ["request"] = new JsonObject
            {
                ["uid"] = uid,
                ["kind"] = new JsonObject { ["group"] = apiVersion[0], ["version"] = apiVersion[1], ["kind"] = kind },
                ["resource"] = new JsonObject { ["group"] = apiVersion[0], ["version"] = apiVersion[1], ["resource"] = kind == "Canary" ? "canaries" : "deployments" },
                ["name"] = now.Name(),
                ["namespace"] = now.Namespace(),
                ["operation"] = "UPDATE",
                ["userInfo"] = new JsonObject { ["username"] = "jo@example.com", ["groups"] = new JsonArray("system:authenticated") },
                ["object"] = now,
                ["oldObject"] = before,
                ["dryRun"] = false,
                ["options"] = new JsonObject { ["kind"] = "UpdateOptions", ["apiVersion"] = "meta.k8s.io/v1", ["fieldManager"] = "kubectl" },
            },
        }.ToJsonString());
    }

    internal static JsonObject Yaml(string text) => (JsonObject)YamlJson.ParseAll(text).Single();
}
