using System.Globalization;
using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Yaml;

namespace CanaryFunctions.Cluster.Tests.Scale;

/// <summary>Small applications behind Skipper: one pod, one route, one Canary with a metric check.</summary>
internal static class ScaleObjects
{
    internal const string Container = "app";

    // Answers at once, whoever asks: the requests of a check, without an application's traffic to measure.
    private const string Template = """
        apiVersion: flagger.app/v1beta1
        kind: MetricTemplate
        metadata: { name: always, namespace: NS }
        spec:
          provider: { type: prometheus, address: "PROMETHEUS" }
          query: vector(100)
        """;

    private const string App = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: APP, namespace: NS, labels: { app: APP } }
        spec:
          replicas: 1
          selector: { matchLabels: { app: APP } }
          template:
            metadata: { labels: { app: APP } }
            spec:
              containers:
                - { name: app, image: "IMAGE", ports: [{ name: http, containerPort: 8080 }] }
        ---
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: { name: APP, namespace: NS, annotations: { kubernetes.io/ingress.class: skipper } }
        spec:
          rules:
            - host: APP.NS.example.com
              http: { paths: [{ path: /, pathType: ImplementationSpecific, backend: { service: { name: APP, port: { number: 80 } } } }] }
        """;

    private const string CanaryText = """
        apiVersion: flagger.app/v1beta1
        kind: Canary
        metadata: { name: APP, namespace: NS }
        spec:
          provider: skipper
          targetRef: { apiVersion: apps/v1, kind: Deployment, name: APP }
          ingressRef: { apiVersion: networking.k8s.io/v1, kind: Ingress, name: APP }
          progressDeadlineSeconds: 600
          service: { port: 80, targetPort: 8080 }
          analysis:
            interval: INTERVAL
            threshold: 3
            stepWeight: STEP
            maxWeight: MAX
            metrics:
              - { name: always, interval: 1m, templateRef: { name: always }, thresholdRange: { min: 99 } }
        """;

    internal static string NamespaceOf(int index) => string.Create(CultureInfo.InvariantCulture, $"scale{index % ScaleOptions.Namespaces}");

    internal static string NameOf(int index) => string.Create(CultureInfo.InvariantCulture, $"app{index:000}");

    internal static string Image(int version) => string.Create(CultureInfo.InvariantCulture, $"example.com/app:{version}");

    /// <summary>The namespaces, each with its template.</summary>
    internal static IReadOnlyList<JsonObject> Shared(Uri prometheus)
    {
        var all = new List<JsonObject>();
        for (var i = 0; i < ScaleOptions.Namespaces; i++)
        {
            all.Add(new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = NamespaceOf(i) } });
            all.AddRange(Parse(Template.Replace("PROMETHEUS", prometheus.ToString(), StringComparison.Ordinal), i));
        }

        return all;
    }

    internal static IReadOnlyList<JsonObject> Of(int index)
        => [.. Parse(App.Replace("IMAGE", Image(1), StringComparison.Ordinal), index), .. Parse(
            CanaryText.Replace("INTERVAL", ScaleOptions.Interval, StringComparison.Ordinal)
                .Replace("STEP", ScaleOptions.StepWeight.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
                .Replace("MAX", ScaleOptions.MaxWeight.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal),
            index)];

    private static IEnumerable<JsonObject> Parse(string text, int index)
        => YamlJson.ParseAll(text.Replace("NS", NamespaceOf(index), StringComparison.Ordinal).Replace("APP", NameOf(index), StringComparison.Ordinal)).OfType<JsonObject>();
}
