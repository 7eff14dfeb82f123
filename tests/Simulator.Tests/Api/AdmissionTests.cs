using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api;
using CanaryFunctions.TestKit;

namespace CanaryFunctions.Simulator.Tests.Api;

public sealed class AdmissionTests : ApiTest
{
    private const string Mutating = "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations";
    private const string Validating = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations";
    private const string ConfigMapRule = """{"operations":["*"],"apiGroups":[""],"apiVersions":["v1"],"resources":["configmaps"]}""";
    private const string DeploymentRule = """{"operations":["CREATE","UPDATE"],"apiGroups":["apps"],"apiVersions":["*"],"resources":["deployments"]}""";
    private IPEndPoint? _service;

    protected override void Configure(ApiServerOptions options) => options.ResolveService = (_, _) => ValueTask.FromResult(_service);

    [Fact]
    public async Task Mutating_JsonPatch_ChangesWhatIsStored()
    {
        await using var hook = await WebhookStub.StartAsync(_ => Patch("""[{"op":"add","path":"/data/added","value":"yes"}]"""));
        await CreateAsync(Mutating, hook.Configuration("MutatingWebhookConfiguration", ConfigMapRule));
        await CreateAsync(ConfigMaps, ConfigMap("a", ("k", "1")));

        ((string?)(await GetAsync($"{ConfigMaps}/a")).Json["data"]!["added"]).ShouldBe("yes");
    }

    [Fact]
    public async Task Mutating_RunsBeforeSchemaValidation()
    {
        await using var hook = await WebhookStub.StartAsync(_ => Patch("""[{"op":"replace","path":"/spec/analysis/stepWeight","value":7}]"""));
        await CreateAsync(Mutating, hook.Configuration("MutatingWebhookConfiguration", """{"operations":["CREATE"],"apiGroups":["flagger.app"],"apiVersions":["v1beta1"],"resources":["canaries"]}"""));
        var canary = Canary("web");
        canary["spec"]!["analysis"]!["stepWeight"] = 1000;

        ((int)(await CreateAsync(Canaries, canary))["spec"]!["analysis"]!["stepWeight"]!).ShouldBe(7);
    }

    [Fact]
    public async Task Validating_Denial_IsToldInTheWebhooksWords()
    {
        await using var hook = await WebhookStub.StartAsync(_ => new() { ["allowed"] = false, ["status"] = new JsonObject { ["message"] = "no way", ["code"] = 403, ["reason"] = "Forbidden" } });
        await CreateAsync(Validating, hook.Configuration("ValidatingWebhookConfiguration", ConfigMapRule));
        var answer = await PostAsync(ConfigMaps, ConfigMap("a"));

        (answer.Code, answer.Message).ShouldBe((403, "admission webhook \"hook.example.com\" denied the request: no way"));
        (await GetAsync($"{ConfigMaps}/a")).Code.ShouldBe(404);
    }

    [Fact]
    public async Task Review_OfAnUpdate_HasBothObjectsAndTheUser()
    {
        await using var hook = await WebhookStub.StartAsync(_ => new() { ["allowed"] = true });
        await CreateAsync(Deployments, Deployment("web"));
        await CreateAsync(Validating, hook.Configuration("ValidatingWebhookConfiguration", DeploymentRule));
        await PatchAsync($"{Deployments}/web?fieldManager=kubectl-set", """{"spec":{"replicas":3}}""");

        var request = hook.Requests.ShouldHaveSingleItem();
        ((string?)request["operation"], (string?)request["name"], (string?)request["namespace"]).ShouldBe(("UPDATE", "web", "default"));
        ((string?)request["userInfo"]!["username"]).ShouldBe("kubernetes-admin");
        ((string?)request["resource"]!["resource"], (string?)request["kind"]!["kind"]).ShouldBe(("deployments", "Deployment"));
        ((int)request["object"]!["spec"]!["replicas"]!, (int)request["oldObject"]!["spec"]!["replicas"]!).ShouldBe((3, 1));
        ((string?)request["options"]!["fieldManager"]).ShouldBe("kubectl-set");
        ((bool)request["dryRun"]!).ShouldBeFalse();
    }

    [Fact]
    public async Task Subresources_AreAskedAboutOnlyWhenNamed()
    {
        await using var hook = await WebhookStub.StartAsync(_ => new() { ["allowed"] = true });
        await CreateAsync(Deployments, Deployment("web"));
        await CreateAsync(Validating, hook.Configuration("ValidatingWebhookConfiguration", """{"operations":["UPDATE"],"apiGroups":["apps"],"apiVersions":["v1"],"resources":["deployments/scale"]}"""));
        await PatchAsync($"{Deployments}/web/status", """{"status":{"replicas":3}}""");
        await PatchAsync($"{Deployments}/web/scale", """{"spec":{"replicas":3}}""");

        ((string?)hook.Requests.ShouldHaveSingleItem()["subResource"]).ShouldBe("scale");
    }

    [Fact]
    public async Task Warnings_BecomeHeaders()
    {
        await using var hook = await WebhookStub.StartAsync(_ => new() { ["allowed"] = true, ["warnings"] = new JsonArray("mind the \"gap\"") });
        await CreateAsync(Validating, hook.Configuration("ValidatingWebhookConfiguration", ConfigMapRule));

        (await PostAsync(ConfigMaps, ConfigMap("a"))).Warnings.ShouldBe(["299 - \"mind the \\\"gap\\\"\""]);
    }

    [Theory]
    [InlineData("Fail", 500)]
    [InlineData("Ignore", 201)]
    public async Task UnreachableWebhook_FollowsItsFailurePolicy(string policy, int code)
    {
        JsonObject configuration;
        await using (var hook = await WebhookStub.StartAsync(_ => []))
        {
            configuration = hook.Configuration("ValidatingWebhookConfiguration", ConfigMapRule, $", \"failurePolicy\": \"{policy}\"");
        }

        await CreateAsync(Validating, configuration);
        var answer = await PostAsync(ConfigMaps, ConfigMap("a"));

        answer.Code.ShouldBe(code);
        if (policy == "Fail")
        {
            answer.Message.ShouldStartWith("Internal error occurred: failed calling webhook \"hook.example.com\"");
        }
    }

    [Fact]
    public async Task UntrustedCertificate_IsAFailure()
    {
        await using var hook = await WebhookStub.StartAsync(_ => new() { ["allowed"] = true });
        var configuration = hook.Configuration("ValidatingWebhookConfiguration", ConfigMapRule);
        configuration["webhooks"]![0]!["clientConfig"]!["caBundle"] = null;
        await CreateAsync(Validating, configuration);

        (await PostAsync(ConfigMaps, ConfigMap("a"))).Code.ShouldBe(500);
    }

    [Fact]
    public async Task DryRun_IsPassedOn_AndRefusedForWebhooksWithSideEffects()
    {
        await using var hook = await WebhookStub.StartAsync(_ => new() { ["allowed"] = true });
        await CreateAsync(Validating, hook.Configuration("ValidatingWebhookConfiguration", ConfigMapRule));
        await PostAsync($"{ConfigMaps}?dryRun=All", ConfigMap("a"));

        ((bool)hook.Requests.ShouldHaveSingleItem()["dryRun"]!).ShouldBeTrue();
    }

    [Fact]
    public async Task NamespaceSelector_LeavesOtherNamespacesAlone()
    {
        await using var hook = await WebhookStub.StartAsync(_ => new() { ["allowed"] = true });
        await CreateAsync(Validating, hook.Configuration("ValidatingWebhookConfiguration", ConfigMapRule,
            """, "namespaceSelector": {"matchExpressions":[{"key":"kubernetes.io/metadata.name","operator":"NotIn","values":["kube-system"]}]}"""));
        await CreateAsync("/api/v1/namespaces/kube-system/configmaps", ConfigMap("a"));
        await CreateAsync(ConfigMaps, ConfigMap("a"));

        ((string?)hook.Requests.ShouldHaveSingleItem()["namespace"]).ShouldBe("default");
    }

    [Fact]
    public async Task ObjectSelector_MatchesOldOrNewLabels()
    {
        await using var hook = await WebhookStub.StartAsync(_ => new() { ["allowed"] = true });
        await CreateAsync(Deployments, Deployment("web"));
        await CreateAsync(Deployments, Deployment("other"));
        await CreateAsync(Validating, hook.Configuration("ValidatingWebhookConfiguration", DeploymentRule, """, "objectSelector": {"matchLabels":{"app":"web"}}"""));
        await PatchAsync($"{Deployments}/other", """{"spec":{"replicas":2}}""");
        await PatchAsync($"{Deployments}/web", """{"metadata":{"labels":{"app":"renamed"}}}""");

        ((string?)hook.Requests.ShouldHaveSingleItem()["name"]).ShouldBe("web");
    }

    [Fact]
    public async Task MatchConditions_DecideWhetherToAsk()
    {
        await using var hook = await WebhookStub.StartAsync(_ => new() { ["allowed"] = true });
        await CreateAsync(Deployments, Deployment("web"));
        await CreateAsync(Validating, hook.Configuration("ValidatingWebhookConfiguration", DeploymentRule,
            """, "matchConditions": [{"name":"spec","expression":"request.operation == 'CREATE' || object.spec != oldObject.spec"}]"""));
        await PatchAsync($"{Deployments}/web", """{"metadata":{"labels":{"x":"y"}}}""");
        hook.Requests.ShouldBeEmpty();
        await PatchAsync($"{Deployments}/web", """{"spec":{"replicas":2}}""");

        hook.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Configuration_WithUnsupportedExpression_IsRefusedWhenWritten()
    {
        await using var hook = await WebhookStub.StartAsync(_ => []);
        var answer = await PostAsync(Validating, hook.Configuration("ValidatingWebhookConfiguration", DeploymentRule,
            """, "matchConditions": [{"name":"x","expression":"authorizer.group('').check('x')"}]"""));

        answer.Code.ShouldBe(422);
        answer.Message.ShouldContain("webhooks[0].matchConditions[0].expression");
        answer.Message.ShouldContain("undeclared reference to 'authorizer'");
    }

    [Fact]
    public async Task ServiceReference_GoesThroughTheResolverUnderTheServicesName()
    {
        await using var hook = await WebhookStub.StartAsync(_ => new() { ["allowed"] = true });
        _service = new IPEndPoint(IPAddress.Loopback, hook.Address.Port);
        var configuration = hook.Configuration("ValidatingWebhookConfiguration", ConfigMapRule);
        configuration["webhooks"]![0]!["clientConfig"] = JsonNode.Parse($$$"""{"service":{"namespace":"default","name":"kubernetes","path":"/x"},"caBundle":"{{{hook.CaBundle}}}"}""");
        await CreateAsync(Validating, configuration);
        await CreateAsync(ConfigMaps, ConfigMap("a"));

        hook.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task EquivalentVersion_IsConvertedForTheWebhookAndBack()
    {
        const string Autoscalers = "/apis/autoscaling/v1/namespaces/default/horizontalpodautoscalers";
        await using var hook = await WebhookStub.StartAsync(_ => Patch("""[{"op":"replace","path":"/spec/metrics/0/resource/target/averageUtilization","value":70}]"""));
        await CreateAsync(Mutating, hook.Configuration("MutatingWebhookConfiguration", """{"operations":["CREATE"],"apiGroups":["autoscaling"],"apiVersions":["v2"],"resources":["horizontalpodautoscalers"]}"""));
        var made = await CreateAsync(Autoscalers, Yaml("""
            apiVersion: autoscaling/v1
            kind: HorizontalPodAutoscaler
            metadata: {name: web}
            spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, maxReplicas: 3, targetCPUUtilizationPercentage: 50}
            """));

        ((int)made["spec"]!["targetCPUUtilizationPercentage"]!).ShouldBe(70);
        var request = hook.Requests.ShouldHaveSingleItem();
        ((string?)request["kind"]!["version"], (string?)request["requestKind"]!["version"]).ShouldBe(("v2", "v1"));
    }

    [Fact]
    public async Task Delete_IsReviewedWithTheOldObject()
    {
        await using var hook = await WebhookStub.StartAsync(_ => new() { ["allowed"] = false });
        await CreateAsync(ConfigMaps, ConfigMap("a", ("k", "1")));
        await CreateAsync(Validating, hook.Configuration("ValidatingWebhookConfiguration", ConfigMapRule));
        var answer = await DeleteAsync($"{ConfigMaps}/a");

        (answer.Code, answer.Message).ShouldBe((400, "admission webhook \"hook.example.com\" denied the request without explanation"));
        ((string?)hook.Requests.ShouldHaveSingleItem()["oldObject"]!["data"]!["k"]).ShouldBe("1");
    }

    private static JsonObject Patch(string patch) => new()
    {
        ["allowed"] = true,
        ["patchType"] = "JSONPatch",
        ["patch"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(patch)),
    };
}
