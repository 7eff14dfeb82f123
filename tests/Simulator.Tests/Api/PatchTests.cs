using System.Text.Json.Nodes;

namespace CanaryFunctions.Simulator.Tests.Api;

public sealed class PatchTests : ApiTest
{
    private const string Web = $"{Deployments}/web";

    [Fact]
    public async Task SetImage_StrategicMerge_ChangesOneContainerField()
    {
        await CreateAsync(Deployments, Deployment("web"));
        var answer = await PatchAsync(Web, """{"spec":{"template":{"spec":{"$setElementOrder/containers":[{"name":"main"}],"containers":[{"image":"app:2","name":"main"}]}}}}""", Strategic);

        var container = answer.Json["spec"]!["template"]!["spec"]!["containers"]![0]!;
        ((string?)container["image"]).ShouldBe("app:2");
        container["env"]!.AsArray().Count.ShouldBe(2);
    }

    [Fact]
    public async Task Strategic_DeleteDirective_RemovesListItem()
    {
        await CreateAsync(Deployments, Deployment("web"));
        var answer = await PatchAsync(Web, """{"spec":{"template":{"spec":{"containers":[{"name":"main","env":[{"name":"A","$patch":"delete"}]}]}}}}""", Strategic);

        answer.Json["spec"]!["template"]!["spec"]!["containers"]![0]!["env"]!.AsArray().Select(e => (string?)e!["name"]).ShouldBe(["B"]);
    }

    [Fact]
    public async Task Strategic_OfCustomResource_Is415NamingWhatIsAccepted()
    {
        await CreateAsync(Canaries, Canary("web"));
        var answer = await PatchAsync($"{Canaries}/web", "{}", Strategic);

        answer.Code.ShouldBe(415);
        answer.Message.ShouldContain(Merge);
    }

    [Fact]
    public async Task Merge_Null_RemovesTheField()
    {
        await CreateAsync(ConfigMaps, ConfigMap("a", ("k", "1"), ("l", "2")));
        var answer = await PatchAsync($"{ConfigMaps}/a", """{"data":{"k":null}}""");

        answer.Json["data"]!.AsObject().Select(p => p.Key).ShouldBe(["l"]);
    }

    [Fact]
    public async Task Merge_OldResourceVersion_Conflicts()
    {
        var made = await CreateAsync(ConfigMaps, ConfigMap("a", ("k", "1")));
        var version = (string?)made["metadata"]!["resourceVersion"];
        var first = await PatchAsync($"{ConfigMaps}/a", $$$"""{"metadata":{"resourceVersion":"{{{version}}}"},"data":{"k":"2"}}""");
        var second = await PatchAsync($"{ConfigMaps}/a", $$$"""{"metadata":{"resourceVersion":"{{{version}}}"},"data":{"k":"3"}}""");

        (first.Code, second.Code, second.Reason).ShouldBe((200, 409, "Conflict"));
    }

    [Fact]
    public async Task JsonPatch_TestAndReplace_Work()
    {
        await CreateAsync(ConfigMaps, ConfigMap("a", ("k", "1")));
        var good = await PatchAsync($"{ConfigMaps}/a", """[{"op":"test","path":"/data/k","value":"1"},{"op":"replace","path":"/data/k","value":"2"},{"op":"add","path":"/metadata/annotations","value":{}},{"op":"add","path":"/metadata/annotations/x~1y","value":"z"}]""", JsonPatchType);
        var bad = await PatchAsync($"{ConfigMaps}/a", """[{"op":"test","path":"/data/k","value":"1"}]""", JsonPatchType);

        ((string?)good.Json["metadata"]!["annotations"]!["x/y"]).ShouldBe("z");
        (bad.Code, bad.Reason).ShouldBe((422, "Invalid"));
    }

    [Fact]
    public async Task Patch_UnknownContentType_Is415()
        => (await PatchAsync(Web, "{}", "text/plain")).Code.ShouldBe(415);

    [Fact]
    public async Task Patches_AtTheSameTimeWithoutVersion_AllTakeEffect()
    {
        await CreateAsync(ConfigMaps, ConfigMap("a"));
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => PatchAsync($"{ConfigMaps}/a", $$$"""{"data":{"k{{{i}}}":"v"}}""")));

        answers.ShouldAllBe(a => a.Code == 200);
        (await GetAsync($"{ConfigMaps}/a")).Json["data"]!.AsObject().Count.ShouldBe(8);
    }

    [Fact]
    public async Task Apply_Missing_CreatesWithOwnership()
    {
        var answer = await PatchAsync($"{ConfigMaps}/a?fieldManager=one", "apiVersion: v1\nkind: ConfigMap\ndata: {k: \"1\"}", Apply);

        answer.Code.ShouldBe(201, answer.Text);
        var entry = answer.Json["metadata"]!["managedFields"]![0]!;
        ((string?)entry["manager"], (string?)entry["operation"]).ShouldBe(("one", "Apply"));
        entry["fieldsV1"]!["f:data"]!.AsObject().ContainsKey("f:k").ShouldBeTrue();
    }

    [Fact]
    public async Task Apply_WithoutFieldNoLongerWanted_RemovesIt()
    {
        await ApplyMapAsync("one", """{"k":"1","l":"2"}""");
        var answer = await ApplyMapAsync("one", """{"k":"1"}""");

        answer.Json["data"]!.AsObject().Select(p => p.Key).ShouldBe(["k"]);
    }

    [Fact]
    public async Task Apply_FieldThatAnotherAlsoApplies_StaysWhenOneLetsGo()
    {
        await ApplyMapAsync("one", """{"k":"1"}""");
        await ApplyMapAsync("two", """{"k":"1","m":"2"}""");
        var answer = await ApplyMapAsync("two", """{"m":"2"}""");

        answer.Json["data"]!.AsObject().Select(p => p.Key).Order().ShouldBe(["k", "m"]);
    }

    [Fact]
    public async Task Apply_OthersField_ConflictsUnlessForced()
    {
        await ApplyMapAsync("one", """{"k":"1"}""");
        var refused = await ApplyMapAsync("two", """{"k":"2"}""");
        var forced = await ApplyMapAsync("two", """{"k":"2"}""", "&force=true");

        (refused.Code, refused.Message).ShouldBe((409, "Apply failed with 1 conflict: conflict with \"one\": .data.k"));
        ((string?)refused.Json["details"]!["causes"]![0]!["reason"]).ShouldBe("FieldManagerConflict");
        ((string?)forced.Json["data"]!["k"]).ShouldBe("2");
        forced.Json["metadata"]!["managedFields"]!.AsArray().Select(m => (string?)m!["manager"]).ShouldBe(["two"]);
    }

    [Fact]
    public async Task Apply_AfterAnOrdinaryUpdate_ConflictsWithTheUpdater()
    {
        await ApplyMapAsync("one", """{"k":"1"}""");
        await PatchAsync($"{ConfigMaps}/a?fieldManager=editor", """{"data":{"k":"5"}}""");
        var answer = await ApplyMapAsync("one", """{"k":"1"}""");

        answer.Message.ShouldBe("Apply failed with 1 conflict: conflict with \"editor\" using v1: .data.k");
    }

    [Fact]
    public async Task Apply_KeyedList_TouchesItsOwnItemOnly()
    {
        await CreateAsync(Deployments, Deployment("web"));
        var answer = await PatchAsync($"{Web}?fieldManager=one", """
            {"apiVersion":"apps/v1","kind":"Deployment","spec":{"template":{"spec":{"containers":[{"name":"main","env":[{"name":"C","value":"3"}]}]}}}}
            """, Apply);

        answer.Code.ShouldBe(200, answer.Text);
        answer.Json["spec"]!["template"]!["spec"]!["containers"]![0]!["env"]!.AsArray().Select(e => (string?)e!["name"]).ShouldBe(["A", "B", "C"]);
    }

    [Fact]
    public async Task Apply_WithoutFieldManager_IsRefused()
        => (await PatchAsync($"{ConfigMaps}/a", "kind: ConfigMap", Apply)).Message.ShouldContain("fieldManager");

    [Fact]
    public async Task Apply_Unchanged_KeepsResourceVersion()
    {
        var first = await ApplyMapAsync("one", """{"k":"1"}""");
        var second = await ApplyMapAsync("one", """{"k":"1"}""");

        ((string?)second.Json["metadata"]!["resourceVersion"]).ShouldBe((string?)first.Json["metadata"]!["resourceVersion"]);
    }

    private Task<Answer> ApplyMapAsync(string manager, string data, string more = "")
        => PatchAsync($"{ConfigMaps}/a?fieldManager={manager}{more}", new JsonObject { ["apiVersion"] = "v1", ["kind"] = "ConfigMap", ["data"] = JsonNode.Parse(data) }.ToJsonString(), Apply);
}
