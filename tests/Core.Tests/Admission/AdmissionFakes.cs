using System.Text.Json.Nodes;
using CanaryFunctions.Core.Admission;
using CanaryFunctions.Core.Admission.Cluster;
using CanaryFunctions.Core.Analysis;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Notifying;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Core.Routing;

namespace CanaryFunctions.Core.Tests.Admission;

/// <summary>Providers that only have a name and abilities.</summary>
internal sealed class NamedRouter(string name, RouterCapabilities capabilities = RouterCapabilities.None) : ITrafficRouter
{
    public string Name => name;

    public RouterCapabilities Capabilities => capabilities;

    public IReadOnlyList<ObjectRef> Needs(Canary canary, IServedKinds kinds) => [];

    public TrafficSplit? Observe(RouteInput input) => null;

    public RoutePlan Plan(RouteInput input, TrafficSplit split) => RoutePlan.Unchanged;

    public RoutePlan Restore(RouteInput input) => RoutePlan.Unchanged;
}

internal sealed class NamedChecks(string name) : IBuiltInChecks
{
    public string Name => name;

    public string SuccessRateQuery => "success";

    public string DurationQuery => "duration";

    public TimeSpan DurationUnit => TimeSpan.FromMilliseconds(1);

    public bool EncodesNames => false;
}

internal sealed class NamedMetricProvider(string name) : IMetricProvider
{
    public string Name => name;

    public Task<MetricSample> QueryAsync(MetricQuery query, CancellationToken ct) => throw new NotSupportedException();

    public Task<string?> ProbeAsync(MetricQuery query, CancellationToken ct) => throw new NotSupportedException();
}

internal sealed class NamedNotifier(string name) : INotifier
{
    public string Name => name;

    public HttpCall Render(Alert alert, AlertAddress address) => throw new NotSupportedException();

    public string? Problem(HttpAnswer answer) => throw new NotSupportedException();
}

internal sealed class NoHttp : IHttpCaller
{
    public Task<HttpAnswer> SendAsync(HttpCall call, CancellationToken ct) => throw new NotSupportedException("admission calls nobody");
}

/// <summary>As a router that works on an ingress asks for one.</summary>
internal sealed class NeedsIngress : ISpecRule
{
    public string Provider => "skipper";

    public IEnumerable<SpecProblem> Check(Canary canary)
        => canary.Spec.IngressRef is null ? [new("spec.ingressRef", "", "is missing; provider skipper needs it.")] : [];
}

internal static class Validators
{
    private static Catalog<ITrafficRouter> Routers { get; } =
        new([new NamedRouter("skipper"), new NamedRouter("mesh", RouterCapabilities.HeaderMatch | RouterCapabilities.Mirroring | RouterCapabilities.SessionAffinity)]);

    /// <summary>Skipper with checks and a rule; mesh with every ability and no checks.</summary>
    public static CanaryValidator Canary(CanaryOptions? options = null, bool hasPrometheus = true) => new(
        Routers,
        new([new NamedChecks("skipper")]),
        new(hasPrometheus ? [new NamedMetricProvider("prometheus")] : []),
        options ?? new CanaryOptions(),
        [new NeedsIngress()],
        []);

    public static MetricTemplateValidator MetricTemplate() => new(new([new NamedMetricProvider("prometheus"), new NamedMetricProvider("datadog")]), []);

    public static AdmissionPolicy Policy(TargetIndex index, CanaryOptions? options = null)
    {
        options ??= new();
        var rules = new ClusterRules(index, Routers, options);
        return new(new(Canary(options), MetricTemplate(), AlertProvider(), rules, options), index, options);
    }

    public static AlertProviderValidator AlertProvider() => new(new([new NamedNotifier("slack"), new NamedNotifier("msteams")]));
}

internal static class Manifests
{
    /// <summary>The Canary of the Skipper guide.</summary>
    public static JsonObject Canary(string name = "podinfo", string ns = "test", string target = "podinfo") => Parse($$"""
        {
          "apiVersion": "flagger.app/v1beta1",
          "kind": "Canary",
          "metadata": { "name": "{{name}}", "namespace": "{{ns}}" },
          "spec": {
            "provider": "skipper",
            "targetRef": { "apiVersion": "apps/v1", "kind": "Deployment", "name": "{{target}}" },
            "ingressRef": { "apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "name": "podinfo" },
            "autoscalerRef": { "apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "name": "podinfo" },
            "progressDeadlineSeconds": 60,
            "service": { "port": 80, "targetPort": 9898 },
            "analysis": {
              "interval": "10s", "threshold": 10, "maxWeight": 50, "stepWeight": 5,
              "metrics": [
                { "name": "request-success-rate", "interval": "1m", "thresholdRange": { "min": 99 } },
                { "name": "request-duration", "interval": "1m", "thresholdRange": { "max": 500 } }
              ],
              "webhooks": [
                { "name": "gate", "type": "confirm-rollout", "url": "http://flagger-loadtester.test/gate/approve" },
                { "name": "load-test", "type": "rollout", "url": "http://flagger-loadtester.test/", "timeout": "5s",
                  "metadata": { "type": "cmd", "cmd": "hey -z 10m" } }
              ]
            }
          }
        }
        """);

    public static JsonObject Deployment(string name = "podinfo", string ns = "test", string image = "podinfo:1", long generation = 1) => Parse($$"""
        {
          "apiVersion": "apps/v1",
          "kind": "Deployment",
          "metadata": { "name": "{{name}}", "namespace": "{{ns}}", "uid": "uid-{{name}}", "generation": {{generation}} },
          "spec": { "replicas": 2, "template": { "spec": { "containers": [ { "name": "app", "image": "{{image}}" } ] } } }
        }
        """);

    public static JsonObject Parse(string json) => (JsonObject)JsonNode.Parse(json)!;

    /// <summary>Tells the index that it knows everything: each list is complete.</summary>
    public static void SyncAll(this TargetIndex index)
    {
        index.Apply(new WatchEvent(WatchEventType.Synced, null));
        foreach (var kind in IndexedKinds.All)
        {
            index.Apply(kind.Kind, new(WatchEventType.Synced, null));
        }
    }

    /// <summary>Sets the value at a path such as <c>spec.analysis.metrics[0].name</c>; null for the value takes the field away.</summary>
    public static JsonObject With(this JsonObject obj, string path, string? json)
    {
        var keys = path.Replace("[", ".[", StringComparison.Ordinal).Split('.');
        JsonNode at = obj;
        foreach (var key in keys[..^1])
        {
            at = key[0] == '[' ? at[int.Parse(key[1..^1])]! : at[key] ?? (at[key] = new JsonObject());
        }

        var value = json is null ? null : JsonNode.Parse(json);
        if (keys[^1][0] == '[')
        {
            at[int.Parse(keys[^1][1..^1])] = value;
        }
        else if (json is null)
        {
            ((JsonObject)at).Remove(keys[^1]);
        }
        else
        {
            at[keys[^1]] = value;
        }

        return obj;
    }
}
