using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Crds;
using CanaryFunctions.TestKit;

namespace CanaryFunctions.Simulator.Tests.Api;

public sealed class CustomResourceTests : ApiTest
{
    private const string Definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private const string Things = "/apis/example.com/v1/namespaces/default/things";

    [Fact]
    public async Task Definition_Created_IsServedAtOnce()
    {
        var made = await CreateAsync(Definitions, Definition());

        (await GetAsync(Things)).Json["items"]!.AsArray().ShouldBeEmpty();
        made["status"]!["conditions"]!.AsArray().Single(c => (string?)c!["type"] == "Established")!["status"]!.GetValue<string>().ShouldBe("True");
        (await GetAsync("/apis/example.com/v1")).Json["resources"]!.AsArray().Select(r => (string?)r!["name"]).ShouldBe(["things", "things/status"]);
    }

    [Fact]
    public async Task Definition_Deleted_TakesItsObjectsAlong()
    {
        await CreateAsync(Definitions, Definition());
        await CreateAsync(Things, Thing("""{"size":1}"""));
        await DeleteAsync($"{Definitions}/things.example.com");
        await GoneAsync(Definitions, "things.example.com");

        (await GetAsync(Things)).Code.ShouldBe(404);
    }

    [Fact]
    public async Task Definition_WithTwoStorageVersions_IsInvalid()
    {
        var definition = Definition();
        definition["spec"]!["versions"]![1]!["storage"] = true;

        (await PostAsync(Definitions, definition)).Message.ShouldContain("must have exactly one version marked as storage version");
    }

    [Fact]
    public async Task Create_FillsDefaults_AndPrunesUnknownFields()
    {
        await CreateAsync(Definitions, Definition());
        var made = await CreateAsync(Things, Thing("""{"size":1,"junk":true,"open":{"any":1},"parts":[{"name":"a","junk":1}]}"""));

        made["spec"]!.ToJsonString().ShouldBe("""{"size":1,"open":{"any":1},"parts":[{"name":"a","kind":"plain"}],"color":"red"}""");
    }

    [Theory]
    [InlineData("""{"size":"x"}""", "spec.size: Invalid value: \"string\": spec.size in body must be of type integer: \"string\"")]
    [InlineData("""{"size":0}""", "spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1")]
    [InlineData("""{"size":99}""", "spec.size: Invalid value: 99: spec.size in body should be less than or equal to 10")]
    [InlineData("""{}""", "spec.size: Required value")]
    [InlineData("""{"size":1,"color":"pink"}""", "spec.color: Unsupported value: \"pink\": supported values: \"red\", \"blue\"")]
    [InlineData("""{"size":1,"code":"abc"}""", "spec.code: Invalid value: \"abc\": spec.code in body should match '^[0-9]+$'")]
    [InlineData("""{"size":1,"port":true}""", "spec.port in body must be of type integer,string")]
    [InlineData("""{"size":1,"parts":[{"name":"a"},{"name":"a"}]}""", "spec.parts[1]: Duplicate value")]
    [InlineData("""{"size":1,"parts":[{}]}""", "spec.parts[0].name: Required value")]
    [InlineData("""{"size":1,"labels":{"a":1}}""", "spec.labels.a in body must be of type string")]
    [InlineData("""{"size":1,"choice":{"a":1,"b":1}}""", "\"spec.choice\" must validate one and only one schema (oneOf). Found 2 valid alternatives")]
    [InlineData("""{"size":1,"choice":{}}""", "\"spec.choice\" must validate one and only one schema (oneOf). Found none valid")]
    public async Task Create_AgainstTheSchema_IsInvalidInTheServersWords(string spec, string problem)
    {
        await CreateAsync(Definitions, Definition());
        var answer = await PostAsync(Things, Thing(spec));

        (answer.Code, answer.Reason).ShouldBe((422, "Invalid"));
        answer.Message.ShouldStartWith("Thing.example.com \"t\" is invalid: ");
        answer.Message.ShouldContain(problem);
    }

    [Fact]
    public async Task Create_ManyProblems_AreAllListed()
    {
        await CreateAsync(Definitions, Definition());
        var answer = await PostAsync(Things, Thing("""{"size":"x","color":"pink","code":"abc"}"""));

        answer.Json["details"]!["causes"]!.AsArray().Select(c => (string?)c!["field"]).ShouldBe(["spec.size", "spec.color", "spec.code"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("Strict", 400)]
    [InlineData("Warn", 201)]
    [InlineData("Ignore", 201)]
    public async Task UnknownField_FollowsFieldValidation(string mode, int code)
    {
        await CreateAsync(Definitions, Definition());
        var answer = await PostAsync($"{Things}?fieldValidation={mode}", Thing("""{"size":1,"foo":2}"""));

        answer.Code.ShouldBe(code);
        answer.Warnings.ShouldBe(mode == "Warn" ? ["299 - \"unknown field \\\"spec.foo\\\"\""] : []);
        if (mode == "Strict")
        {
            answer.Message.ShouldBe("Thing in version \"v1\" cannot be handled as a Thing: strict decoding error: unknown field \"spec.foo\"");
        }
    }

    [Fact]
    public async Task RepeatedField_Strict_IsRefused()
    {
        await CreateAsync(Definitions, Definition());
        var answer = await SendAsync(HttpMethod.Post, $"{Things}?fieldValidation=Strict", """{"apiVersion":"example.com/v1","kind":"Thing","metadata":{"name":"t"},"spec":{"size":1,"size":2}}""");

        answer.Message.ShouldEndWith("strict decoding error: duplicate field \"spec.size\"");
    }

    [Fact]
    public async Task Versions_WithStrategyNone_DifferInNameOnly()
    {
        await CreateAsync(Definitions, Definition());
        await CreateAsync(Things, Thing("""{"size":1}"""));
        var old = (await GetAsync("/apis/example.com/v1alpha1/namespaces/default/things/t")).Json;

        ((string?)old["apiVersion"], (int)old["spec"]!["size"]!).ShouldBe(("example.com/v1alpha1", 1));
    }

    [Fact]
    public async Task Versions_WithWebhook_AreConvertedByIt()
    {
        await using var hook = await WebhookStub.StartAsync(request => new JsonObject
        {
            ["result"] = new JsonObject { ["status"] = "Success" },
            ["convertedObjects"] = new JsonArray([.. request["objects"]!.AsArray().Select(o => Swap((JsonObject)o!, (string)request["desiredAPIVersion"]!))]),
        });
        var definition = Definition();
        definition["spec"]!["conversion"] = JsonNode.Parse($$$$"""
            {"strategy":"Webhook","webhook":{"conversionReviewVersions":["v1"],"clientConfig":{"url":"{{{{hook.Address}}}}","caBundle":"{{{{hook.CaBundle}}}}"}}}
            """);
        await CreateAsync(Definitions, definition);
        var old = Thing("""{"length":5}""");
        old["apiVersion"] = "example.com/v1alpha1";
        await CreateAsync("/apis/example.com/v1alpha1/namespaces/default/things", old);

        (await GetAsync($"{Things}/t")).Json["spec"]!.ToJsonString().ShouldBe("""{"size":5,"color":"red"}""");
        (await GetAsync("/apis/example.com/v1alpha1/namespaces/default/things/t")).Json["spec"]!["length"]!.GetValue<int>().ShouldBe(5);
        hook.Requests.Count.ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task Table_UsesPrinterColumns()
    {
        await CreateAsync(Definitions, Definition());
        await CreateAsync(Things, Thing("""{"size":3}"""));
        await PatchAsync($"{Things}/t/status", """{"status":{"conditions":[{"type":"Other","status":"False"},{"type":"Ready","status":"True"}]}}""");
        var table = (await GetAsync(Things, "application/json;as=Table;v=v1;g=meta.k8s.io,application/json")).Json;

        table["columnDefinitions"]!.AsArray().Select(c => (string?)c!["name"]).ShouldBe(["Name", "Size", "Ready"]);
        table["rows"]![0]!["cells"]!.ToJsonString().ShouldBe("""["t",3,"True"]""");
        ((string?)table["rows"]![0]!["object"]!["kind"]).ShouldBe("PartialObjectMetadata");
    }

    [Fact]
    public async Task GuidesCanary_IsAccepted_AndStatusKeepsOwnFields()
    {
        await CreateAsync(Canaries, Canary("web"));
        var answer = await PatchAsync($"{Canaries}/web/status", """{"status":{"phase":"Progressing","canaryWeight":5,"nextStepAt":"x","pending":[{"id":1}]}}""");

        answer.Code.ShouldBe(200, answer.Text);
        answer.Json["status"]!["pending"]![0]!["id"]!.GetValue<int>().ShouldBe(1);
        ((int)answer.Json["metadata"]!["generation"]!).ShouldBe(1);
    }

    [Fact]
    public async Task Canaries_AsTable_HaveTheDocumentedColumns()
    {
        var table = (await GetAsync(Canaries, "application/json;as=Table;v=v1;g=meta.k8s.io")).Json;

        table["columnDefinitions"]!.AsArray().Select(c => ((string?)c!["name"], (int)c["priority"]!)).ShouldBe(
        [
            ("Name", 0), ("Status", 0), ("Weight", 0), ("Suspended", 1), ("FailedChecks", 1), ("Interval", 1), ("Mirror", 1),
            ("StepWeight", 1), ("StepWeights", 1), ("MaxWeight", 1), ("LastTransitionTime", 0),
        ]);
    }

    [Theory]
    [InlineData("provider", "\"smi:v1alpha1:istio\"", null)]
    [InlineData("analysis", """{"interval":"10s","threshold":1,"iterations":1,"stepWeight":1}""", "oneOf")]
    [InlineData("analysis", """{"interval":"10s","threshold":1.5,"stepWeight":1}""", "must be of type integer")]
    [InlineData("analysis", """{"interval":"1h30m","threshold":1,"stepWeight":1}""", null)]
    [InlineData("analysis", """{"interval":"10m5x","threshold":1,"stepWeight":1}""", "spec.analysis.interval")]
    [InlineData("analysis", """{"interval":"10s","threshold":1,"stepWeight":101}""", "less than or equal to 100")]
    [InlineData("service", """{"port":80,"targetPort":"http","gatewayRefs":[{"name":"g"}],"mirror":[{"backendRef":{"name":"m","port":80}}]}""", null)]
    [InlineData("service", """{"port":80,"mirror":[{}]}""", "spec.service.mirror[0].backendRef: Required value")]
    [InlineData("service", """{"port":80,"trafficPolicy":{"loadBalancer":{"localityLbSetting":{"enabled":true}},"connectionPool":{"tcp":{"maxConnections":1}}}}""", null)]
    [InlineData("service", """{"port":80,"trafficPolicy":{"loadBalancer":{"simple":"RANDOM","consistentHash":{"useSourceIp":true}}}}""", "(not)")]
    [InlineData("service", """{"port":80,"match":[{"uri":{"prefix":"/","exact":"/x"}}]}""", "oneOf")]
    [InlineData("service", """{"port":80,"match":[{"uri":{"prefix":"/"},"headers":{"x":{"exact":"y"}},"port":8}]}""", null)]
    public async Task CanarySchema_OfAField_AcceptsOrNamesTheProblem(string field, string value, string? problem)
    {
        var canary = Canary("web");
        canary["spec"]![field] = JsonNode.Parse(value);
        var answer = await PostAsync($"{Canaries}?fieldValidation=Strict", canary);

        if (problem is null)
        {
            answer.Code.ShouldBe(201, answer.Text);
        }
        else
        {
            answer.Code.ShouldBe(422);
            answer.Message.ShouldContain(problem);
        }
    }

    [Fact]
    public async Task AlertProvider_WithAddressAndSecret_IsAccepted_WithNeitherRefused()
    {
        const string Providers = "/apis/flagger.app/v1beta1/namespaces/default/alertproviders";
        await CreateAsync(Providers, Yaml("{apiVersion: flagger.app/v1beta1, kind: AlertProvider, metadata: {name: a}, spec: {type: slack, address: http://x, secretRef: {name: s}}}"));
        var answer = await PostAsync(Providers, Yaml("{apiVersion: flagger.app/v1beta1, kind: AlertProvider, metadata: {name: b}, spec: {type: slack}}"));

        answer.Message.ShouldContain("must validate at least one schema (anyOf)");
    }

    [Fact]
    public void EmbeddedCrds_AreFreshObjectsEachTime()
    {
        EmbeddedCrds.All()[0]["spec"] = null;

        EmbeddedCrds.All().Select(c => (string?)c["spec"]!["names"]!["kind"]).ShouldBe(["AlertProvider", "Canary", "MetricTemplate"]);
    }

    private static JsonObject Thing(string spec) => new()
    {
        ["apiVersion"] = "example.com/v1",
        ["kind"] = "Thing",
        ["metadata"] = new JsonObject { ["name"] = "t" },
        ["spec"] = JsonNode.Parse(spec),
    };

    private static JsonObject Swap(JsonObject item, string version)
    {
        var copy = (JsonObject)item.DeepClone();
        copy["apiVersion"] = version;
        var spec = (JsonObject)copy["spec"]!;
        var (from, to) = version.EndsWith("v1", StringComparison.Ordinal) ? ("length", "size") : ("size", "length");
        spec[to] = spec[from]?.DeepClone();
        spec.Remove(from);
        return copy;
    }

    private static JsonObject Definition() => Yaml("""
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: things.example.com}
        spec:
          group: example.com
          scope: Namespaced
          names: {plural: things, kind: Thing}
          versions:
          - name: v1
            served: true
            storage: true
            subresources: {status: {}}
            additionalPrinterColumns:
            - {name: Size, type: integer, jsonPath: .spec.size}
            - {name: Ready, type: string, jsonPath: '.status.conditions[?(@.type=="Ready")].status'}
            schema:
              openAPIV3Schema:
                type: object
                properties:
                  spec:
                    type: object
                    required: [size]
                    properties:
                      size: {type: integer, minimum: 1, maximum: 10}
                      color: {type: string, enum: [red, blue], default: red}
                      code: {type: string, pattern: '^[0-9]+$'}
                      port: {x-kubernetes-int-or-string: true}
                      labels: {type: object, additionalProperties: {type: string}}
                      open: {type: object, x-kubernetes-preserve-unknown-fields: true}
                      choice:
                        type: object
                        properties: {a: {type: integer}, b: {type: integer}}
                        oneOf: [{required: [a]}, {required: [b]}]
                      parts:
                        type: array
                        x-kubernetes-list-type: map
                        x-kubernetes-list-map-keys: [name]
                        items:
                          type: object
                          required: [name]
                          properties: {name: {type: string}, kind: {type: string, default: plain}}
                  status: {type: object, x-kubernetes-preserve-unknown-fields: true}
          - name: v1alpha1
            served: true
            storage: false
            schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
        """);
}
