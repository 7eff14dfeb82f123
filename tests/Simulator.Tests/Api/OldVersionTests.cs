using System.Text.Json.Nodes;
using CanaryFunctions.Core;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Platform.Http;
using CanaryFunctions.Platform.Kubernetes;
using CanaryFunctions.Platform.Queues.InProcess;
using CanaryFunctions.Providers;
using CanaryFunctions.Simulator.Api.Crds;
using CanaryFunctions.Webhook;
using Microsoft.Extensions.DependencyInjection;

namespace CanaryFunctions.Simulator.Tests.Api;

/// <summary>Canaries in <c>flagger.app/v1alpha3</c>, with the product's own webhook to convert them and without anybody.</summary>
public sealed class OldVersionTests : ApiTest
{
    private const string Old = "/apis/flagger.app/v1alpha3/namespaces/default/canaries";
    private const string Definition = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/canaries.flagger.app";

    private const string OldCanary = """
        apiVersion: flagger.app/v1alpha3
        kind: Canary
        metadata: {name: web}
        spec:
          provider: skipper
          targetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
          ingressRef: {apiVersion: networking.k8s.io/v1, kind: Ingress, name: web}
          service: {port: 80}
          canaryAnalysis:
            interval: 10s
            threshold: 5
            maxWeight: 50
            stepWeight: 10
            metrics:
            - {name: request-success-rate, threshold: 99, interval: 1m}
            - {name: request-duration, threshold: 500, interval: 30s}
        """;

    [Fact]
    public async Task Create_WithTheRealWebhook_IsStoredAsV1Beta1_AndReadAsItWasWritten()
    {
        await using var webhook = await StartWebhookAsync();

        var made = await CreateAsync($"{Old}?fieldValidation=Strict", Yaml(OldCanary));
        var stored = (await GetAsync($"{Canaries}/web")).Json;

        ((string?)made["apiVersion"]).ShouldBe("flagger.app/v1alpha3");
        made["spec"]!["canaryAnalysis"]!["metrics"]!.ToJsonString().ShouldBe(Yaml(OldCanary)["spec"]!["canaryAnalysis"]!["metrics"]!.ToJsonString());
        stored["spec"]!["analysis"]!["metrics"]!.ToJsonString().ShouldBe(
            """[{"name":"request-success-rate","thresholdRange":{"min":99},"interval":"1m"},{"name":"request-duration","thresholdRange":{"max":500},"interval":"30s"}]""");
        stored["spec"]!.AsObject().ContainsKey("canaryAnalysis").ShouldBeFalse();
        ((int)stored["spec"]!["progressDeadlineSeconds"]!).ShouldBe(600, "the mutating webhook was asked, in v1beta1");
        var list = (await GetAsync(Old)).Json;
        ((string?)list["items"]![0]!["spec"]!["canaryAnalysis"]!["interval"]).ShouldBe("10s");
    }

    [Fact]
    public async Task Create_WithTheRealWebhook_IsValidatedLikeAnyOther()
    {
        await using var webhook = await StartWebhookAsync();
        var wrong = Yaml(OldCanary);
        wrong["spec"]!["canaryAnalysis"]!.AsObject().Remove("interval");

        var answer = await PostAsync(Old, wrong);

        answer.Code.ShouldBe(422, answer.Text);
        answer.Message.ShouldContain("spec.canaryAnalysis.interval is missing");
    }

    [Fact]
    public async Task Update_WithTheRealWebhook_KeepsStatusAndUid_AndCountsOneGeneration()
    {
        await using var webhook = await StartWebhookAsync();
        var made = await CreateAsync(Old, Yaml(OldCanary));
        await PatchAsync($"{Canaries}/web/status", """{"status":{"phase":"Progressing","canaryWeight":10}}""");

        var patched = await PatchAsync($"{Old}/web", """{"spec":{"canaryAnalysis":{"stepWeight":20}}}""");

        patched.Code.ShouldBe(200, patched.Text);
        var stored = (await GetAsync($"{Canaries}/web")).Json;
        ((int)stored["spec"]!["analysis"]!["stepWeight"]!).ShouldBe(20);
        ((string?)stored["status"]!["phase"]).ShouldBe("Progressing");
        ((string?)stored["metadata"]!["uid"]).ShouldBe((string?)made["metadata"]!["uid"]);
        ((int)stored["metadata"]!["generation"]!).ShouldBe(2);
    }

    [Fact]
    public async Task StatusOfTheOldVersion_WithTheRealWebhook_IsTheSameStatus()
    {
        await using var webhook = await StartWebhookAsync();
        await CreateAsync(Old, Yaml(OldCanary));

        (await PatchAsync($"{Old}/web/status", """{"status":{"phase":"Failed","pending":[{"id":1}]}}""")).Code.ShouldBe(200);

        (await GetAsync($"{Canaries}/web")).Json["status"]!.ToJsonString().ShouldBe("""{"phase":"Failed","pending":[{"id":1}]}""");
    }

    [Fact]
    public async Task Table_OfTheOldVersion_ReadsItsColumnsWhereItHasThem()
    {
        await CreateAsync(Canaries, Canary("web"));
        await using var webhook = await StartWebhookAsync();
        var table = (await GetAsync(Old, "application/json;as=Table;v=v1;g=meta.k8s.io")).Json;

        var names = table["columnDefinitions"]!.AsArray().Select(c => (string?)c!["name"]).ToList();
        names.ShouldBe(["Name", "Status", "Weight", "Suspended", "FailedChecks", "Interval", "Mirror", "StepWeight", "StepWeights", "MaxWeight", "LastTransitionTime"]);
        ((string?)table["rows"]![0]!["cells"]![names.IndexOf("Interval")]).ShouldBe("10s");
    }

    [Fact]
    public async Task WithoutAWebhook_NothingIsLost_AndLaterReadersSeeWhatWasMeant()
    {
        var strategy = (string?)(await GetAsync(Definition)).Json["spec"]!["conversion"]!["strategy"];
        await CreateAsync(Old, Yaml(OldCanary));
        await CreateAsync(Canaries, Canary("other"));
        var unconverted = (await GetAsync($"{Old}/other")).Json;

        strategy.ShouldBe("None");
        ((string?)(await GetAsync($"{Canaries}/web")).Json["spec"]!["canaryAnalysis"]!["interval"]).ShouldBe("10s");
        ((int)unconverted["spec"]!["analysis"]!["stepWeight"]!).ShouldBe(5);
        (await PatchAsync($"{Canaries}/web/status", """{"status":{"phase":"Initialized"}}""")).Code.ShouldBe(200, "its status can be written");

        await using var webhook = await StartWebhookAsync();
        (await GetAsync($"{Old}/web")).Json["spec"]!["canaryAnalysis"]!["metrics"]!.AsArray().Count.ShouldBe(2);
        ((int)(await GetAsync($"{Old}/other")).Json["spec"]!["canaryAnalysis"]!["stepWeight"]!).ShouldBe(5);
        await PatchAsync($"{Old}/web", """{"metadata":{"labels":{"touched":"yes"}}}""");
        (await GetAsync($"{Canaries}/web")).Json["spec"]!["analysis"]!["metrics"]!.AsArray().Count.ShouldBe(2);
    }

    [Fact]
    public async Task Webhook_ThatEnds_TakesItsNameOutOfTheDefinitions()
    {
        var webhook = await StartWebhookAsync();
        ((string?)(await GetAsync(Definition)).Json["spec"]!["conversion"]!["strategy"]).ShouldBe("Webhook");

        await webhook.DisposeAsync();

        (await GetAsync(Definition)).Json["spec"]!["conversion"]!.ToJsonString().ShouldBe("""{"strategy":"None"}""");
    }

    [Theory]
    [InlineData("metrictemplates", "{apiVersion: flagger.app/v1alpha3, kind: MetricTemplate, metadata: {name: a}, spec: {provider: {type: prometheus, address: http://x}, query: vector(1)}}")]
    [InlineData("alertproviders", "{apiVersion: flagger.app/v1alpha3, kind: AlertProvider, metadata: {name: a}, spec: {type: slack, address: http://x}}")]
    public async Task OtherKinds_AreTheSameInBothVersions(string plural, string manifest)
    {
        await using var webhook = await StartWebhookAsync();
        var made = await CreateAsync($"/apis/flagger.app/v1alpha3/namespaces/default/{plural}?fieldValidation=Strict", Yaml(manifest));

        (await GetAsync($"/apis/flagger.app/v1beta1/namespaces/default/{plural}/a")).Json["spec"]!.ToJsonString().ShouldBe(made["spec"]!.ToJsonString());
    }

    [Fact]
    public void Schemas_OfBothVersions_DifferOnlyWhereTheVersionsDo()
    {
        foreach (var definition in EmbeddedCrds.All())
        {
            var versions = definition["spec"]!["versions"]!.AsArray();
            versions.Select(v => ((string?)v!["name"], (bool)v["served"]!, (bool)v["storage"]!)).ShouldBe([("v1beta1", true, true), ("v1alpha3", true, false)]);
            var (beta, alpha) = (versions[0]!.DeepClone(), versions[1]!.DeepClone());
            if ((string?)definition["spec"]!["names"]!["kind"] == "Canary")
            {
                Analyses(beta).ShouldBe(Analyses(alpha), "fields of the analysis");
            }

            foreach (var version in new[] { beta, alpha })
            {
                version.AsObject().Remove("name");
                version.AsObject().Remove("storage");
                version.AsObject().Remove("additionalPrinterColumns");
                if (version["schema"]!["openAPIV3Schema"]!["properties"]!["spec"]!["properties"]! is JsonObject spec && spec.Remove("analysis") | spec.Remove("canaryAnalysis"))
                {
                    version["schema"]!["openAPIV3Schema"]!["properties"]!["spec"]!.AsObject().Remove("anyOf");
                }
            }

            JsonNode.DeepEquals(beta, alpha).ShouldBeTrue((string?)definition["metadata"]!["name"]);
        }
    }

    private static List<string> Analyses(JsonNode version)
    {
        var spec = version["schema"]!["openAPIV3Schema"]!["properties"]!["spec"]!["properties"]!;
        var analysis = spec["analysis"]!["properties"]!.AsObject();
        return [.. analysis.Select(p => p.Key).Concat(analysis["metrics"]!["items"]!["properties"]!.AsObject().Select(p => $"metrics.{p.Key}")).Order(StringComparer.Ordinal)];
    }

    private async Task<RunningServices> StartWebhookAsync()
    {
        var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(new CanaryOptions())
            .AddSingleton<IHttpCaller>(new HttpCaller(TimeProvider.System))
            .AddSingleton<IClusterClient>(KubernetesClient.FromKubeConfig(KubeConfigSource.FromText(Server.Kubeconfig), TimeProvider.System))
            .AddSingleton<IStepQueue>(new InProcessQueue(TimeProvider.System))
            .AddProviders()
            .AddCanaryWebhook()
            .BuildServiceProvider();
        return new(services, await WebhookServer.StartAsync(new(), services, CancellationToken.None));
    }

    private sealed class RunningServices(ServiceProvider services, WebhookServer server) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await server.DisposeAsync();
            await services.DisposeAsync();
        }
    }
}
