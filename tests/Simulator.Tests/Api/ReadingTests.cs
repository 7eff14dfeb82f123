using System.Text.Json.Nodes;

namespace CanaryFunctions.Simulator.Tests.Api;

public sealed class ReadingTests : ApiTest
{
    private const string TableType = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json";
    private const string MetadataType = "application/vnd.kubernetes.protobuf;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";

    [Fact]
    public async Task List_WithLimit_PagesThroughEverythingOnce()
    {
        foreach (var name in (string[])["a", "b", "c", "d", "e"])
        {
            await CreateAsync(ConfigMaps, ConfigMap(name));
        }

        var (names, token, pages) = (new List<string?>(), "", 0);
        do
        {
            var page = (await GetAsync($"{ConfigMaps}?limit=2&continue={Uri.EscapeDataString(token)}")).Json;
            names.AddRange(page["items"]!.AsArray().Select(i => (string?)i!["metadata"]!["name"]));
            token = (string?)page["metadata"]!["continue"] ?? "";
            pages++;
        }
        while (token.Length > 0);

        names.ShouldBe(["a", "b", "c", "d", "e"]);
        pages.ShouldBe(3);
    }

    [Theory]
    [InlineData("tier=web", "a")]
    [InlineData("tier==web,env=prod", "a")]
    [InlineData("tier!=web", "b,c")]
    [InlineData("tier in (web, db)", "a,b")]
    [InlineData("tier notin (web)", "b,c")]
    [InlineData("tier", "a,b")]
    [InlineData("!tier", "c")]
    public async Task List_LabelSelector_Selects(string selector, string expected)
    {
        await CreateLabelledAsync("a", ("tier", "web"), ("env", "prod"));
        await CreateLabelledAsync("b", ("tier", "db"));
        await CreateLabelledAsync("c");
        var list = await GetAsync($"{ConfigMaps}?labelSelector={Uri.EscapeDataString(selector)}");

        string.Join(',', list.Json["items"]!.AsArray().Select(i => (string?)i!["metadata"]!["name"])).ShouldBe(expected);
    }

    [Fact]
    public async Task List_BadSelector_IsABadRequest()
        => (await GetAsync($"{ConfigMaps}?labelSelector={Uri.EscapeDataString("a b")}")).Reason.ShouldBe("BadRequest");

    [Fact]
    public async Task Events_ByInvolvedObject_AreFoundInAnyOrderOfTerms()
    {
        await CreateEventAsync("e1", "web");
        await CreateEventAsync("e2", "other");
        var list = await GetAsync($"/api/v1/namespaces/default/events?fieldSelector={Uri.EscapeDataString("involvedObject.kind=Canary,involvedObject.name=web,involvedObject.namespace=default,involvedObject.uid=u")}");

        list.Json["items"]!.AsArray().Select(i => (string?)i!["metadata"]!["name"]).ShouldBe(["e1"]);
    }

    [Fact]
    public async Task List_UnsupportedField_IsABadRequest()
        => (await GetAsync($"{ConfigMaps}?fieldSelector=data.k%3D1")).Message.ShouldBe("\"data.k\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"");

    [Fact]
    public async Task Table_OfDeployments_HasKubectlsColumns()
    {
        await CreateAsync(Deployments, Deployment("web"));
        await PatchAsync($"{Deployments}/web/status", """{"status":{"readyReplicas":1,"updatedReplicas":1,"availableReplicas":1}}""");
        var table = (await GetAsync(Deployments, TableType)).Json;

        table["columnDefinitions"]!.AsArray().Where(c => (int)c!["priority"]! == 0).Select(c => (string?)c!["name"]).ShouldBe(["Name", "Ready", "Up-to-date", "Available", "Age"]);
        table["rows"]![0]!["cells"]!.AsArray().Take(4).Select(c => c!.ToString()).ShouldBe(["web", "1/1", "1", "1"]);
    }

    [Fact]
    public async Task Table_OfEvents_TellsCountAndObject()
    {
        await CreateEventAsync("e1", "web");
        var cells = (await GetAsync("/api/v1/namespaces/default/events", TableType)).Json["rows"]![0]!["cells"]!.AsArray();

        cells[1]!.ToString().ShouldBe("Normal");
        cells[3]!.ToString().ShouldBe("canary/web");
        cells[6]!.ToString().ShouldBe("Advance web.default canary weight 5");
    }

    [Fact]
    public async Task Table_IncludeObject_CarriesTheWholeObject()
    {
        await CreateAsync(ConfigMaps, ConfigMap("a", ("k", "1")));
        var table = (await GetAsync($"{ConfigMaps}?includeObject=Object", TableType)).Json;

        ((string?)table["rows"]![0]!["object"]!["data"]!["k"]).ShouldBe("1");
    }

    [Fact]
    public async Task List_MetadataOnly_HasNoContent()
    {
        await CreateAsync(ConfigMaps, ConfigMap("a", ("k", "1")));
        var list = (await GetAsync(ConfigMaps, MetadataType)).Json;

        ((string?)list["kind"]).ShouldBe("PartialObjectMetadataList");
        list["items"]![0]!.AsObject().Select(p => p.Key).ShouldBe(["kind", "apiVersion", "metadata"]);
    }

    [Fact]
    public async Task Accept_ProtobufOnly_IsNotAcceptable()
        => (await GetAsync(ConfigMaps, "application/vnd.kubernetes.protobuf")).Code.ShouldBe(406);

    private Task<JsonObject> CreateLabelledAsync(string name, params (string Key, string Value)[] labels)
    {
        var body = ConfigMap(name);
        body["metadata"]!["labels"] = new JsonObject(labels.Select(l => KeyValuePair.Create(l.Key, (JsonNode?)JsonValue.Create(l.Value))));
        return CreateAsync(ConfigMaps, body);
    }

    private Task<JsonObject> CreateEventAsync(string name, string canary) => CreateAsync("/api/v1/namespaces/default/events", Yaml($$$"""
        apiVersion: v1
        kind: Event
        metadata: {name: {{{name}}}}
        involvedObject: {apiVersion: flagger.app/v1beta1, kind: Canary, namespace: default, name: {{{canary}}}, uid: u}
        reason: Advanced
        type: Normal
        count: 1
        message: Advance {{{canary}}}.default canary weight 5
        firstTimestamp: "2024-01-01T00:00:00Z"
        lastTimestamp: "2024-01-01T00:00:00Z"
        """));
}
