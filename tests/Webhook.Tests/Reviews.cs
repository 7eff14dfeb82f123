using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Webhook.Tests;

/// <summary>Objects and the reviews that an API server makes of them.</summary>
internal static class Reviews
{
    public static JsonObject Canary(string name = "podinfo") => Parse($$"""
        {
          "apiVersion": "flagger.app/v1beta1", "kind": "Canary", "metadata": { "name": "{{name}}", "namespace": "test" },
          "spec": {
            "provider": "skipper",
            "targetRef": { "apiVersion": "apps/v1", "kind": "Deployment", "name": "podinfo" },
            "ingressRef": { "apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "name": "podinfo" },
            "service": { "port": 80 },
            "analysis": { "interval": "10s", "threshold": 10, "stepWeight": 5, "metrics": [ { "name": "request-success-rate", "thresholdRange": { "min": 99 } } ] }
          }
        }
        """);

    public static JsonObject Deployment(string image = "podinfo:1", long generation = 1) => Parse($$"""
        {
          "apiVersion": "apps/v1", "kind": "Deployment", "metadata": { "name": "podinfo", "namespace": "test", "uid": "u1", "generation": {{generation}} },
          "spec": { "template": { "spec": { "containers": [ { "name": "app", "image": "{{image}}" } ] } } }
        }
        """);

    public static JsonObject Of(string operation, JsonObject? obj, JsonObject? old = null, bool dryRun = false, string uid = "review-1")
    {
        var kind = (obj ?? old)!.Text("kind")!;
        return new()
        {
            ["apiVersion"] = "admission.k8s.io/v1",
            ["kind"] = "AdmissionReview",
            ["request"] = new JsonObject
            {
                ["uid"] = uid,
                ["kind"] = new JsonObject { ["group"] = kind == "Deployment" ? "apps" : "flagger.app", ["version"] = "v1", ["kind"] = kind },
                ["operation"] = operation,
                ["namespace"] = "test",
                ["name"] = (obj ?? old)!.Name(),
                ["userInfo"] = new JsonObject { ["username"] = "jane" },
                ["object"] = obj?.DeepClone(),
                ["oldObject"] = old?.DeepClone(),
                ["dryRun"] = dryRun,
            },
        };
    }

    public static JsonObject Parse(string json) => (JsonObject)JsonNode.Parse(json)!;
}
