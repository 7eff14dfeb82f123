using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Scenario.Tests.Staging;
using CanaryFunctions.Simulator.Yaml;

namespace CanaryFunctions.Scenario.Tests;

[Collection(nameof(Unmeasured))]
public sealed class AdmissionTests
{
    [Fact]
    public async Task BadCanary_IsRefusedWithEveryProblemAtOnce()
    {
        await using var stage = await Stage.OpenAsync();
        var objects = Stage.GuideObjects(analysis =>
        {
            analysis["threshold"] = -1;
            analysis["interval"] = "abc";
            analysis["stepWeight"] = 101;
            analysis["maxWeight"] = 200;
            analysis["metrics"]!.AsArray().Add(new JsonObject { ["name"] = "request-success-rat", ["interval"] = "1m" });
        }).ToList();
        objects[^1].Section("spec")["provider"] = "skiper";

        var refusal = await RefusalAsync(stage, objects);

        refusal.ShouldContain("spec.provider: 'skiper' is not a known provider");
        refusal.ShouldContain("spec.analysis.threshold: '-1'");
        refusal.ShouldContain("spec.analysis.interval: 'abc'");
        refusal.ShouldContain("spec.analysis.stepWeight: '101'");
        refusal.ShouldContain("spec.analysis.maxWeight: '200'");
        refusal.ShouldContain("spec.analysis.metrics[2].name: 'request-success-rat'");
        refusal.ShouldContain("skipper", Case.Sensitive, "what is allowed is named");
        stage.Feed.Canary(Stage.App).ShouldBeNull();
    }

    [Fact]
    public async Task CanaryWithoutProvider_IsRefused_WhereTheInstallHasNoDefault()
    {
        await using var stage = await Stage.OpenAsync(new() { Provider = "" });
        var objects = Stage.GuideObjects().ToList();
        objects[^1].Section("spec").Remove("provider");

        (await RefusalAsync(stage, objects)).ShouldContain("spec.provider is missing and the install sets no default (setting mesh-provider); use one of: ");
    }

    [Fact]
    public async Task SecondCanaryOfATarget_IsRefused()
    {
        await using var stage = await Stage.InitializedAsync(Analysis.Short);
        var second = Stage.GuideObjects().Last();
        second.Metadata()["name"] = "second";

        (await RefusalAsync(stage, [second])).ShouldContain("spec.targetRef.name: 'podinfo' is the target of Canary podinfo.test already");
    }

    [Fact]
    public async Task MissingReferences_AreWarnedOf_AndTakenUpWhenTheyAppear()
    {
        await using var stage = await Stage.OpenAsync();
        var objects = Stage.GuideObjects(analysis =>
        {
            Analysis.Short(analysis);
            analysis["metrics"] = new JsonArray(new JsonObject { ["name"] = "always", ["templateRef"] = new JsonObject { ["name"] = "always" }, ["interval"] = "1m", ["thresholdRange"] = new JsonObject { ["min"] = 1 } });
        }).ToLookup(o => o.Text("kind"));
        var canary = objects["Canary"].Single();
        await stage.ApplyAsync([.. objects["Namespace"], .. objects["Service"]]);

        (await WarningsAsync(stage, canary)).ShouldBe(
        [
            "spec.targetRef names Deployment podinfo.test, which does not exist yet; the Canary takes it up when it appears.",
            "spec.ingressRef names Ingress podinfo.test, which does not exist yet; the Canary takes it up when it appears.",
            "spec.autoscalerRef names HorizontalPodAutoscaler podinfo.test, which does not exist yet; the Canary takes it up when it appears.",
            "spec.analysis.metrics[0].templateRef names MetricTemplate always.test, which does not exist yet; the Canary takes it up when it appears.",
        ], ignoreOrder: true);
        await stage.UntilAsync(() => Accepted(stage) is { Status: Condition.False, Reason: Reasons.ReferenceMissing } c && c.Message.Contains("deployment podinfo.test", StringComparison.Ordinal), "a condition names the target");

        await stage.ApplyAsync([.. objects["HorizontalPodAutoscaler"], .. objects["Deployment"]]);
        await stage.UntilAsync(() => Accepted(stage) is { Status: Condition.False } c && c.Message.Contains("ingresses.networking.k8s.io \"podinfo\" not found", StringComparison.Ordinal), "a condition names the ingress");

        await stage.ApplyAsync([.. objects["Ingress"]]);
        await stage.RestsAsync(CanaryPhase.Initialized);
        Accepted(stage)!.Status.ShouldBe(Condition.True);
        stage.Status.Condition(Condition.MetricsAvailable)!.Message.ShouldContain("Metric template always.test error: it does not exist");

        var before = stage.Feed.Events.Count;
        await stage.SetImageAsync("4.0.6");
        await stage.UntilAsync(() => stage.Story(before).Any(m => m.Contains("Metric template always.test error: it does not exist", StringComparison.Ordinal)), "the analysis says what it lacks");
        await stage.ApplyAsync(Template("always", "vector(1)"));
        await stage.RestsAsync(CanaryPhase.Succeeded);
    }

    private static Condition? Accepted(Stage stage) => stage.Status.Condition(Condition.Accepted);

    private static async Task<string> RefusalAsync(Stage stage, IReadOnlyList<JsonObject> objects)
    {
        var refused = await Should.ThrowAsync<ClusterException>(() => stage.ApplyAsync([.. objects]));
        refused.StatusCode.ShouldBeOneOf((int)HttpStatusCode.Forbidden, (int)HttpStatusCode.UnprocessableEntity, (int)HttpStatusCode.BadRequest);
        return refused.Message;
    }

    // kubectl prints the Warning headers of the answer.
    private static async Task<IReadOnlyList<string>> WarningsAsync(Stage stage, JsonObject canary)
    {
        using var http = stage.Playground.Cluster.ApiServer.CreateClient();
        using var body = new StringContent(canary.ToJsonString(), Encoding.UTF8, "application/json");
        using var response = await http.PostAsync(new Uri("apis/flagger.app/v1beta1/namespaces/test/canaries", UriKind.Relative), body);
        response.StatusCode.ShouldBe(HttpStatusCode.Created, await response.Content.ReadAsStringAsync());
        return [.. response.Headers.Warning.Select((WarningHeaderValue w) => w.Text.Trim('"'))];
    }

    private static JsonObject Template(string name, string query) => (JsonObject)YamlJson.ParseAll($"""
        apiVersion: flagger.app/v1beta1
        kind: MetricTemplate
        metadata:
          name: {name}
          namespace: {Stage.Namespace}
        spec:
          provider:
            type: prometheus
            address: http://flagger-prometheus.flagger-system:9090
          query: {query}
        """).Single()!;
}
