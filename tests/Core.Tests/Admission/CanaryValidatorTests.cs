using System.Text.Json.Nodes;

namespace CanaryFunctions.Core.Tests.Admission;

public sealed class CanaryValidatorTests
{
    private const string Ports = "a number between 1 and 65535, or a name of at most 15 lower-case letters, digits and '-'.";
    private const string Duration = "must be a Go duration above 0, such as 10s or 1m30s.";
    private const string Hooks = "Use one of: confirm-promotion, confirm-rollout, confirm-traffic-increase, event, post-rollout, pre-rollout, rollback, rollout.";
    private const string Apex = "a DNS label: lower-case letters, digits and '-', starting with a letter, at most 55 characters so that '-primary' fits.";
    private const string NotSupported = "blue/green and A/B testing are not supported by this version";

    /// <summary>One wrong value in the guide's Canary: path, JSON there (null: the field is taken away), and the whole answer.</summary>
    public static readonly TheoryData<string, string?, string> Wrong = new()
    {
        { "spec", null, "spec is missing; give at least targetRef, service and analysis." },
        { "spec", "[]", "spec: '[]' must be an object." },
        { "spec.provider", null, "spec.provider is missing and the install sets no default (setting mesh-provider); use one of: mesh, skipper." },
        { "spec.provider", "\"skiper\"", "spec.provider: 'skiper' is not a known provider; did you mean 'skipper'? Use one of: mesh, skipper." },
        { "spec.provider", "\"istio\"", "spec.provider: 'istio' is not a known provider; use one of: mesh, skipper." },
        { "spec.provider", "7", "spec.provider: '7' must be a string." },
        { "spec.targetRef", null, "spec.targetRef is missing; give apiVersion apps/v1, kind Deployment and the name." },
        { "spec.targetRef", "\"podinfo\"", "spec.targetRef: '\"podinfo\"' must be an object." },
        { "spec.targetRef.kind", "\"DaemonSet\"", "spec.targetRef.kind: 'DaemonSet' is not supported as a target by this version; use Deployment." },
        { "spec.targetRef.kind", "\"Deploymnt\"", "spec.targetRef.kind: 'Deploymnt' is not a kind that can be a target; did you mean 'Deployment'? Use one of: Deployment." },
        { "spec.targetRef.apiVersion", "\"v1\"", "spec.targetRef.apiVersion: 'v1' is not where Deployments are; use apps/v1." },
        { "spec.targetRef.apiVersion", null, "spec.targetRef.apiVersion is missing; give apps/v1." },
        { "spec.targetRef.name", null, "spec.targetRef.name is missing; give the object's name." },
        { "spec.targetRef.name", "\"Podinfo\"", "spec.targetRef.name: 'Podinfo' must be a DNS name: lower-case letters, digits, '-' and '.', at most 245 characters so that '-primary' fits." },
        { "spec.targetRef.name", "\"pod.info\"", $"spec.targetRef.name: 'pod.info' names the Services as well (spec.service.name is not given), so it must be {Apex}" },
        { "spec.autoscalerRef.kind", "\"ScaledObject\"", "spec.autoscalerRef.kind: 'ScaledObject' is not supported yet; use HorizontalPodAutoscaler." },
        { "spec.autoscalerRef.kind", "\"VPA\"", "spec.autoscalerRef.kind: 'VPA' is not a kind of autoscaler; use one of: HorizontalPodAutoscaler." },
        { "spec.autoscalerRef.primaryScalerReplicas", """{"minReplicas":5,"maxReplicas":2}""", "spec.autoscalerRef.primaryScalerReplicas.minReplicas: '5' must not be more than maxReplicas, 2." },
        { "spec.ingressRef", null, "spec.ingressRef is missing; provider skipper needs it." },
        { "spec.ingressRef.kind", "\"Ingres\"", "spec.ingressRef.kind: 'Ingres' is not a kind that can be referred to here; did you mean 'Ingress'? Use one of: Ingress." },
        { "spec.service", null, "spec.service is missing; give at least the port." },
        { "spec.service.port", null, "spec.service.port is missing; give the Service's port, between 1 and 65535." },
        { "spec.service.port", "0", "spec.service.port: '0' must be between 1 and 65535." },
        { "spec.service.port", "70000", "spec.service.port: '70000' must be between 1 and 65535." },
        { "spec.service.port", "\"80\"", "spec.service.port: '\"80\"' must be a whole number, between 1 and 65535." },
        { "spec.service.targetPort", "\"Http\"", $"spec.service.targetPort: 'Http' must be a container port: {Ports}" },
        { "spec.service.targetPort", "-1", "spec.service.targetPort: '-1' must be between 0 and 65535." },
        { "spec.service.name", "\"9lives\"", $"spec.service.name: '9lives' must be {Apex}" },
        { "spec.service.portName", "\"HTTP\"", "spec.service.portName: 'HTTP' must be a DNS label: lower-case letters, digits and '-', at most 63 characters." },
        { "spec.service.headless", "\"yes\"", "spec.service.headless: '\"yes\"' must be true or false." },
        { "spec.service.hosts", "[\"\"]", "spec.service.hosts[0] is missing; give a host name or leave the entry out." },
        { "spec.service.apex", """{"labels":{"a":1}}""", "spec.service.apex.labels.a: '1' must be a string." },
        { "spec.metricsServer", "\"prometheus:9090\"", "spec.metricsServer: 'prometheus:9090' must be an absolute URL, such as http://name.namespace:9090/path." },
        { "spec.progressDeadlineSeconds", "0", "spec.progressDeadlineSeconds: '0' must be 1 or more." },
        { "spec.skipAnalysis", "1", "spec.skipAnalysis: '1' must be true or false." },
        { "spec.suspend", "\"true\"", "spec.suspend: '\"true\"' must be true or false." },
        { "spec.analysis", null, "spec.analysis is missing; give at least interval, threshold, and stepWeight or stepWeights." },
        { "spec.analysis.interval", "\"abc\"", $"spec.analysis.interval: 'abc' {Duration}" },
        { "spec.analysis.interval", "\"0s\"", $"spec.analysis.interval: '0s' {Duration}" },
        { "spec.analysis.interval", null, "spec.analysis.interval is missing; give the time between checks as a Go duration, such as 10s or 1m30s." },
        { "spec.analysis.threshold", "-1", "spec.analysis.threshold: '-1' must be 1 or more." },
        { "spec.analysis.threshold", "1.5", "spec.analysis.threshold: '1.5' must be a whole number, 1 or more." },
        { "spec.analysis.threshold", null, "spec.analysis.threshold is missing; give the number of failed checks that rolls back, 1 or more." },
        { "spec.analysis.iterations", "10", $"spec.analysis.iterations: '10' asks for blue/green or A/B testing; {NotSupported}, use stepWeight or stepWeights." },
        { "spec.analysis.stepWeight", null, "spec.analysis.stepWeight is missing; give exactly one of stepWeight and stepWeights." },
        { "spec.analysis.stepWeight", "0", "spec.analysis.stepWeight: '0' must be between 1 and 100." },
        { "spec.analysis.stepWeights", "[1,2]", "spec.analysis.stepWeights: '[1,2]' cannot be given together with stepWeight; give exactly one of stepWeight and stepWeights." },
        { "spec.analysis.maxWeight", "101", "spec.analysis.maxWeight: '101' must be between 1 and 100." },
        { "spec.analysis.stepWeightPromotion", "-5", "spec.analysis.stepWeightPromotion: '-5' must be between 0 and 100." },
        { "spec.analysis.primaryReadyThreshold", "200", "spec.analysis.primaryReadyThreshold: '200' must be between 0 and 100." },
        { "spec.analysis.canaryReadyThreshold", "\"all\"", "spec.analysis.canaryReadyThreshold: '\"all\"' must be a whole number, between 0 and 100." },
        { "spec.analysis.mirror", "true", "spec.analysis.mirror: 'true' is not supported by provider 'skipper'; leave it out." },
        { "spec.analysis.match", """[{"headers":{}}]""", "spec.analysis.match is not supported by provider 'skipper'; leave it out." },
        { "spec.analysis.sessionAffinity", """{"cookieName":"c"}""", "spec.analysis.sessionAffinity is not supported by provider 'skipper'; leave it out." },
        { "spec.analysis.metrics", "{}", "spec.analysis.metrics: '{}' must be a list." },
        { "spec.analysis.metrics[0]", "\"request-duration\"", "spec.analysis.metrics[0]: '\"request-duration\"' must be an object." },
        { "spec.analysis.metrics[0].name", "\"request-sucess-rate\"", "spec.analysis.metrics[0].name: 'request-sucess-rate' is not a built-in check; did you mean 'request-success-rate'? Use one of: request-duration, request-success-rate, or give templateRef or query." },
        { "spec.analysis.metrics[1].name", "\"request-success-rate\"", "spec.analysis.metrics[1].name: 'request-success-rate' is the name of another metric of this list as well; names must differ." },
        { "spec.analysis.metrics[0].interval", "\"1min\"", $"spec.analysis.metrics[0].interval: '1min' {Duration}" },
        { "spec.analysis.metrics[0].thresholdRange", """{"min":5,"max":1.5}""", "spec.analysis.metrics[0].thresholdRange.min: '5' must not be more than max, 1.5." },
        { "spec.analysis.metrics[0].thresholdRange", "{}", "spec.analysis.metrics[0].thresholdRange is empty; give min, max or both." },
        { "spec.analysis.metrics[0].thresholdRange.min", "\"99\"", "spec.analysis.metrics[0].thresholdRange.min: '\"99\"' must be a number." },
        { "spec.analysis.metrics[0].templateRef", "{}", "spec.analysis.metrics[0].templateRef.name is missing; give the MetricTemplate's name." },
        { "spec.analysis.metrics[0].templateVariables", """{"a":true}""", "spec.analysis.metrics[0].templateVariables.a: 'true' must be a string." },
        { "spec.analysis.webhooks[0].name", null, "spec.analysis.webhooks[0].name is missing; give the hook's name." },
        { "spec.analysis.webhooks[0].type", "\"confirm-rolout\"", $"spec.analysis.webhooks[0].type: 'confirm-rolout' is not a type of webhook; did you mean 'confirm-rollout'? {Hooks}" },
        { "spec.analysis.webhooks[0].url", null, "spec.analysis.webhooks[0].url is missing; give the address to call, such as http://flagger-loadtester.test/." },
        { "spec.analysis.webhooks[0].url", "\"ftp://user:pw@host/secret\"", "spec.analysis.webhooks[0].url: 'ftp://…@host/…' must be an absolute URL, such as http://name.namespace:9090/path." },
        { "spec.analysis.webhooks[1].timeout", "\"5\"", $"spec.analysis.webhooks[1].timeout: '5' {Duration}" },
        { "spec.analysis.webhooks[1].retries", "-1", "spec.analysis.webhooks[1].retries: '-1' must be between 0 and 100." },
        { "spec.analysis.webhooks[1].metadata", """{"cmd":["a"]}""", "spec.analysis.webhooks[1].metadata.cmd: '[\"a\"]' must be a string." },
        { "spec.analysis.webhooks[1]", """{"name":"gate","type":"confirm-rollout","url":"http://a/"}""", "spec.analysis.webhooks[1].name: 'gate' is the name of another confirm-rollout webhook as well; names of one type must differ." },
        { "spec.analysis.alerts", """[{"name":"a","providerRef":{"name":"p"},"severity":"warning"}]""", "spec.analysis.alerts[0].severity: 'warning' is not a severity; use one of: error, info, warn." },
        { "spec.analysis.alerts", """[{"name":"a"}]""", "spec.analysis.alerts[0].providerRef is missing; give the name of an AlertProvider." },
        { "spec.analysis.alerts", """[{"providerRef":{}}]""", "spec.analysis.alerts[0].name is missing; give the alert's name.\nspec.analysis.alerts[0].providerRef.name is missing; give the AlertProvider's name." },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Validate_OneWrongValue_SaysExactlyWhat(string path, string? json, string expected)
        => Answer(Manifests.Canary().With(path, json)).ShouldBe(expected);

    [Fact]
    public void Validate_GuidesCanary_HasNoProblems() => Answer(Manifests.Canary()).ShouldBe("");

    [Fact]
    public void Validate_ManyWrongValues_ListsAllOfThem()
    {
        var canary = Manifests.Canary().With("spec.provider", "\"nginx\"").With("spec.analysis.threshold", "-1").With("spec.analysis.interval", "\"abc\"")
            .With("spec.analysis.maxWeight", "150").With("spec.analysis.metrics[0].name", "\"errors\"");

        Validators.Canary().Validate(canary).Select(p => p.Path).ShouldBe(
            ["spec.provider", "spec.analysis.interval", "spec.analysis.threshold", "spec.analysis.maxWeight", "spec.analysis.metrics[0].name"]);
    }

    [Theory]
    [InlineData("[10,20,20]", "spec.analysis.stepWeights[2]: '20' must be more than the weight before it, 20.")]
    [InlineData("[10,120]", "spec.analysis.stepWeights[1]: '120' must be between 1 and 100.")]
    [InlineData("[]", "spec.analysis.stepWeights: '[]' must not be empty; give growing weights between 1 and 100.")]
    [InlineData("[null]", "spec.analysis.stepWeights[0] must be a whole number, between 1 and 100.")]
    [InlineData("[1,5,100]", "")]
    public void Validate_StepWeights_MustGrowWithinBounds(string weights, string expected)
        => Answer(Manifests.Canary().With("spec.analysis.stepWeight", null).With("spec.analysis.stepWeights", weights)).ShouldBe(expected);

    [Fact]
    public void Validate_OldNameOfAnalysis_IsPointedOut()
        => Answer(Manifests.Canary().With("spec.analysis", null).With("spec.canaryAnalysis", "{}"))
            .ShouldBe("spec.analysis is missing; flagger.app/v1beta1 calls it analysis, not canaryAnalysis.");

    [Fact]
    public void Validate_NoProviderAndInstallsDefault_TakesTheDefaultWithItsRules()
    {
        var canary = Manifests.Canary().With("spec.provider", null).With("spec.ingressRef", null);

        Answer(canary, new() { MeshProvider = "skipper" }).ShouldBe("spec.ingressRef is missing; provider skipper needs it.");
        Answer(canary, new() { MeshProvider = "skippr" }).ShouldBe(
            "spec.provider is missing and the install's default 'skippr' (setting mesh-provider) is not a known provider; did you mean 'skipper'? Use one of: mesh, skipper.");
    }

    [Fact]
    public void Validate_ProviderWithoutBuiltInChecks_AsksForAQuery()
        => Answer(Manifests.Canary().With("spec.provider", "\"mesh\"")).ShouldBe(
            "spec.analysis.metrics[0].name: 'request-success-rate' has no built-in query for provider 'mesh'; give templateRef or query.\n"
            + "spec.analysis.metrics[1].name: 'request-duration' has no built-in query for provider 'mesh'; give templateRef or query.");

    [Fact]
    public void Validate_InlineQuery_IsParsed()
    {
        Answer(Manifests.Canary().With("spec.analysis.metrics[0]", """{"name":"own","query":"sum({{ target }})"}""")).ShouldBe("");
        Answer(Manifests.Canary().With("spec.analysis.metrics[0]", """{"name":"own","query":"sum({{ targt }})"}""")).ShouldBe(
            "spec.analysis.metrics[0].query: 'sum({{ targt }})' is not a usable query template: template parsing failed: template: tmpl:1: function \"targt\" not defined.");
    }

    [Theory]
    [InlineData("spec.analysis.metrics[0].templateRef", "spec.analysis.metrics[0].templateRef.namespace: 'other' can't access metric template x.other, cross-namespace references are blocked (setting no-cross-namespace-refs); use one in test.")]
    [InlineData("spec.upstreamRef", "spec.upstreamRef.namespace: 'other' can't access gloo upstream x.other, cross-namespace references are blocked (setting no-cross-namespace-refs); use one in test.")]
    public void Validate_ReferenceIntoAnotherNamespace_IsRefusedWhereTheInstallForbidsIt(string path, string expected)
    {
        var canary = Manifests.Canary().With(path, """{"apiVersion":"gloo.solo.io/v1","kind":"Upstream","name":"x","namespace":"other"}""");

        Answer(canary).ShouldBe("");
        Answer(canary, new() { NoCrossNamespaceRefs = true }).ShouldBe(expected);
        Answer(canary.With($"{path}.namespace", "\"test\""), new() { NoCrossNamespaceRefs = true }).ShouldBe("");
    }

    [Fact]
    public void Validate_AlertProviderInAnotherNamespace_IsRefusedWhereTheInstallForbidsIt()
        => Answer(Manifests.Canary().With("spec.analysis.alerts", """[{"name":"a","providerRef":{"name":"p","namespace":"ops"}}]"""), new() { NoCrossNamespaceRefs = true })
            .ShouldBe("spec.analysis.alerts[0].providerRef.namespace: 'ops' can't access alert provider p.ops, cross-namespace references are blocked (setting no-cross-namespace-refs); use one in test.");

    [Fact]
    public void Validate_SessionAffinityWhereSupported_ChecksTheCookies()
        => Answer(Manifests.Canary().With("spec.provider", "\"mesh\"").With("spec.analysis.metrics", null)
            .With("spec.analysis.sessionAffinity", """{"cookieName":"c","primaryCookieName":"c","sameSite":"lax"}""")).ShouldBe(
            "spec.analysis.sessionAffinity.primaryCookieName: 'c' can't use the same cookie name for both primary and cookie name; please update them to be different.\n"
            + "spec.analysis.sessionAffinity.sameSite: 'lax' is not a value of SameSite; did you mean 'Lax'? Use one of: Lax, None, Strict.");

    [Fact]
    public void Validate_BuiltInChecksWithoutPrometheus_AreRefused()
        => string.Join('\n', Validators.Canary(hasPrometheus: false).Validate(Manifests.Canary())).ShouldBe(
            "spec.analysis.metrics holds built-in or inline checks, which need the metric provider 'prometheus'; this install has none.");

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"metadata":[],"spec":{"targetRef":[],"service":7,"analysis":"x","provider":{}}}""")]
    [InlineData("""{"spec":{"analysis":{"metrics":[null,1,[]],"webhooks":[null],"alerts":[[]],"stepWeights":{},"interval":5,"threshold":1e400}}}""")]
    public void Validate_HostileShapes_AreProblemsAndNotExceptions(string json) => Validators.Canary().Validate(Manifests.Parse(json)).ShouldNotBeEmpty();

    [Fact]
    public void Validate_DeeplyNestedValue_IsAProblemAndNotAnException()
    {
        var deep = System.Text.Json.Nodes.JsonNode.Parse($"{new string('[', 120)}{new string(']', 120)}", documentOptions: new() { MaxDepth = 200 });
        var canary = Manifests.Canary();
        canary["spec"]!["provider"] = deep;

        Validators.Canary().Validate(canary).ShouldHaveSingleItem().Path.ShouldBe("spec.provider");
    }

    [Theory]
    [InlineData("3000000000", "3000000000")]
    [InlineData("1e400", "Infinity")]
    public void Validate_NumberBeyondAllMeasure_IsRefused(string json, string shown)
        => Answer(Manifests.Canary().With("spec.analysis.threshold", json)).ShouldBe($"spec.analysis.threshold: '{shown}' must be between 1 and 2147483647.");

    [Fact]
    public void Validate_LongAndMultilineValues_AreShortened()
    {
        var problem = Validators.Canary().Validate(Manifests.Canary().With("spec.provider", $"\"a\\nb{new string('x', 500)}\"")).ShouldHaveSingleItem();

        problem.Value.Length.ShouldBe(81);
        problem.Value.ShouldStartWith("a bxxx");
        problem.Value.ShouldEndWith("…");
    }

    private static string Answer(JsonObject canary, CanaryOptions? options = null) => string.Join('\n', Validators.Canary(options).Validate(canary));
}
