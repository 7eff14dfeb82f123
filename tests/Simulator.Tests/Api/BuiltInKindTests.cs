using System.Text.Json.Nodes;

namespace CanaryFunctions.Simulator.Tests.Api;

public sealed class BuiltInKindTests : ApiTest
{
    private const string Services = "/api/v1/namespaces/default/services";

    [Fact]
    public async Task Deployment_Defaults_AreFilledIn()
    {
        var spec = (await CreateAsync(Deployments, Deployment("web")))["spec"]!;

        ((int)spec["progressDeadlineSeconds"]!).ShouldBe(600);
        ((int)spec["revisionHistoryLimit"]!).ShouldBe(10);
        ((string?)spec["strategy"]!["type"]).ShouldBe("RollingUpdate");
        var pod = spec["template"]!["spec"]!;
        ((string?)pod["restartPolicy"]).ShouldBe("Always");
        ((string?)pod["containers"]![0]!["imagePullPolicy"]).ShouldBe("IfNotPresent");
        ((string?)pod["containers"]![0]!["ports"]![0]!["protocol"]).ShouldBe("TCP");
    }

    [Fact]
    public async Task Deployment_TemplateAfterAnyWrite_StaysTheSame()
    {
        var first = (await CreateAsync(Deployments, Deployment("web")))["spec"]!["template"]!.ToJsonString();
        await PatchAsync($"{Deployments}/web", """{"spec":{"replicas":2}}""", Strategic);
        var put = await PutAsync($"{Deployments}/web", (await GetAsync($"{Deployments}/web")).Json);

        put.Json["spec"]!["template"]!.ToJsonString().ShouldBe(first);
    }

    [Fact]
    public async Task Deployment_SelectorProblems_AreAllTold()
    {
        var body = Deployment("web");
        body["spec"]!["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["app"] = "other" } };
        body["spec"]!["template"]!["spec"]!["containers"]![0]!["image"] = "";
        var answer = await PostAsync(Deployments, body);

        answer.Code.ShouldBe(422);
        answer.Message.ShouldContain("`selector` does not match template `labels`");
        answer.Message.ShouldContain("spec.template.spec.containers[0].image: Required value");
    }

    [Fact]
    public async Task Deployment_SelectorChange_IsRefused()
    {
        await CreateAsync(Deployments, Deployment("web"));
        var answer = await PatchAsync($"{Deployments}/web", """{"spec":{"selector":{"matchLabels":{"b":"c"}},"template":{"metadata":{"labels":{"b":"c"}}}}}""");

        answer.Message.ShouldContain("field is immutable");
    }

    [Fact]
    public async Task Service_Create_AllocatesAddressAndDefaults()
    {
        var made = await CreateAsync(Services, Yaml("{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {ports: [{port: 80}]}}"));

        ((string?)made["spec"]!["clusterIP"])!.ShouldMatch(@"^10\.96\.\d+\.\d+$");
        ((string?)made["spec"]!["type"]).ShouldBe("ClusterIP");
        ((int)made["spec"]!["ports"]![0]!["targetPort"]!).ShouldBe(80);
    }

    [Fact]
    public async Task Service_ReplacedWithoutAddress_KeepsIt()
    {
        var body = Yaml("{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {ports: [{port: 80}]}}");
        var made = await CreateAsync(Services, (JsonObject)body.DeepClone());
        var put = await PutAsync($"{Services}/web", body);

        ((string?)put.Json["spec"]!["clusterIP"]).ShouldBe((string?)made["spec"]!["clusterIP"]);
    }

    [Fact]
    public async Task Service_Headless_HasNoAddress()
    {
        var made = await CreateAsync(Services, Yaml("{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {clusterIP: None, ports: [{port: 80}]}}"));

        ((string?)made["spec"]!["clusterIP"]).ShouldBe("None");
    }

    [Fact]
    public async Task Autoscaler_AcrossVersions_KeepsItsMeaning()
    {
        const string First = "/apis/autoscaling/v1/namespaces/default/horizontalpodautoscalers";
        const string Second = "/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers";
        await CreateAsync(Second, Yaml("""
            apiVersion: autoscaling/v2
            kind: HorizontalPodAutoscaler
            metadata: {name: web}
            spec:
              scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
              maxReplicas: 4
              metrics:
              - {type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 99}}}
              - {type: Resource, resource: {name: memory, target: {type: Utilization, averageUtilization: 50}}}
            """));
        var old = (await GetAsync($"{First}/web")).Json;
        old["spec"]!["maxReplicas"] = 6;
        await PutAsync($"{First}/web", old);
        var read = (await GetAsync($"{Second}/web")).Json;

        ((int)old["spec"]!["targetCPUUtilizationPercentage"]!).ShouldBe(99);
        ((int)old["spec"]!["minReplicas"]!).ShouldBe(1);
        ((int)read["spec"]!["maxReplicas"]!).ShouldBe(6);
        read["spec"]!["metrics"]!.AsArray().Select(m => (string?)m!["resource"]!["name"]).ShouldBe(["cpu", "memory"]);
    }

    [Fact]
    public async Task Secret_StringData_BecomesData()
    {
        var made = await CreateAsync("/api/v1/namespaces/default/secrets", Yaml("{apiVersion: v1, kind: Secret, metadata: {name: s}, stringData: {a: hello}}"));

        ((string?)made["data"]!["a"]).ShouldBe("aGVsbG8=");
        made.ContainsKey("stringData").ShouldBeFalse();
    }

    [Fact]
    public async Task Ingress_WithoutPathType_IsInvalid()
    {
        var answer = await PostAsync("/apis/networking.k8s.io/v1/namespaces/default/ingresses", Yaml("""
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: i}
            spec: {rules: [{host: a.b, http: {paths: [{path: /, backend: {service: {name: s, port: {number: 80}}}}]}}]}
            """));

        answer.Message.ShouldContain("spec.rules[0].http.paths[0].pathType: Required value");
    }

    [Fact]
    public async Task Pod_Binding_SetsNodeOnce()
    {
        const string Pods = "/api/v1/namespaces/default/pods";
        await CreateAsync(Pods, Yaml("{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [{name: c, image: i}]}}"));
        var binding = Yaml("{apiVersion: v1, kind: Binding, metadata: {name: p}, target: {kind: Node, name: n1}}");

        (await PostAsync($"{Pods}/p/binding", binding)).Code.ShouldBe(201);
        (await PostAsync($"{Pods}/p/binding", binding)).Code.ShouldBe(409);
        ((string?)(await GetAsync($"{Pods}/p")).Json["spec"]!["nodeName"]).ShouldBe("n1");
    }
}
