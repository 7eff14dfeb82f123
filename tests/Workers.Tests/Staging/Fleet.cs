using System.Globalization;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Simulator.Yaml;

namespace CanaryFunctions.Workers.Tests.Staging;

/// <summary>Applications with a Canary each, by turns on Traefik and on SMI. Every fifth has a release that its check refuses.</summary>
internal static class Fleet
{
    internal const string Namespace = "test";
    internal const string OldImage = "app:1";
    internal const string NewImage = "app:2";

    /// <summary>The weights of a release, in order. A bad one fails its check at the second.</summary>
    internal static readonly IReadOnlyList<int> Weights = [20, 40, 60];

    internal static IReadOnlyList<string> Names(int count) => [.. Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"app-{i:00}"))];

    internal static bool IsGood(string name) => Number(name) % 5 != 3;

    /// <summary>How far a release gets.</summary>
    internal static IEnumerable<int> WeightsOf(string name) => IsGood(name) ? Weights : Weights.Take(2);

    internal static bool IsTraefik(string name) => Number(name) % 2 == 0;

    /// <summary>Applies application and Canary.</summary>
    internal static async Task CreateAsync(IClusterClient cluster, string name, string checkUrl, CancellationToken ct)
    {
        await cluster.CreateAsync(Kinds.Deployment, Parse(Application(name)), ct);
        await cluster.CreateAsync(Kinds.Canary, Parse(CanaryOf(name, checkUrl)), ct);
    }

    /// <summary><c>kubectl set image</c>.</summary>
    internal static Task SetImageAsync(IClusterClient cluster, string name, CancellationToken ct)
    {
        var patch = Parse($$"""{ spec: { template: { spec: { containers: [ { name: app, image: "{{NewImage}}" } ] } } } }""");
        return cluster.MergePatchAsync(new(Kinds.Deployment, Namespace, name), patch, null, ct);
    }

    /// <summary>The canary's share, as the router's object has it.</summary>
    internal static int WeightOf(JsonObject route)
        => route.ListAt("spec", "backends").Concat(route.ListAt("spec", "weighted", "services"))
            .Where(b => (b.Text("service") ?? b.Text("name"))!.EndsWith("-canary", StringComparison.Ordinal))
            .Sum(b => int.Parse(b.At("weight")!.ToString(), CultureInfo.InvariantCulture));

    internal static string? ImageOf(JsonObject deployment) => deployment.ListAt("spec", "template", "spec", "containers").Single().Text("image");

    private static int Number(string name) => int.Parse(name.AsSpan(name.Length - 2), CultureInfo.InvariantCulture);

    private static JsonObject Parse(string yaml) => (JsonObject)YamlJson.ParseAll(yaml).Single();

    private static string Application(string name) => $$"""
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: {{name}}, namespace: {{Namespace}} }
        spec:
          replicas: 1
          selector: { matchLabels: { app: {{name}} } }
          template:
            metadata: { labels: { app: {{name}} } }
            spec:
              containers: [ { name: app, image: "{{OldImage}}" } ]
        """;

    // Many times what a release takes: a busy machine is no stuck release.
    private static string CanaryOf(string name, string checkUrl) => $$"""
        apiVersion: flagger.app/v1beta1
        kind: Canary
        metadata: { name: {{name}}, namespace: {{Namespace}} }
        spec:
          provider: "{{(IsTraefik(name) ? "traefik" : "smi:istio")}}"
          targetRef: { apiVersion: apps/v1, kind: Deployment, name: {{name}} }
          progressDeadlineSeconds: 6000
          service: { port: 80, targetPort: 8080 }
          analysis:
            interval: 10s
            threshold: 2
            stepWeights: [{{string.Join(", ", Weights)}}]
            maxWeight: {{Weights[^1]}}
            webhooks: [ { name: check, type: rollout, url: "{{checkUrl}}", timeout: 10s } ]
        """;
}
