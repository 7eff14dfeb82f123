using System.Text.Json.Nodes;

namespace CanaryFunctions.Simulator.Tests.Api;

public sealed class ObjectCrudTests : ApiTest
{
    [Fact]
    public async Task Create_NewObject_GetsIdentityAndWholeSecondTimestamp()
    {
        var made = await CreateAsync(Deployments, Deployment("web"));

        ((string?)made["metadata"]!["uid"]).ShouldNotBeNullOrEmpty();
        ((string?)made["metadata"]!["creationTimestamp"])!.ShouldMatch(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$");
        ((int)made["metadata"]!["generation"]!).ShouldBe(1);
        ((string?)made["metadata"]!["namespace"]).ShouldBe("default");
    }

    [Fact]
    public async Task Create_TakenName_AlreadyExists()
    {
        await CreateAsync(ConfigMaps, ConfigMap("a"));
        var again = await PostAsync(ConfigMaps, ConfigMap("a"));

        (again.Code, again.Reason, again.Message).ShouldBe((409, "AlreadyExists", "configmaps \"a\" already exists"));
    }

    [Fact]
    public async Task Create_GenerateName_AppendsFiveLetters()
    {
        var body = ConfigMap("x");
        body["metadata"] = new JsonObject { ["generateName"] = "run-" };

        ((string?)(await CreateAsync(ConfigMaps, body))["metadata"]!["name"])!.ShouldMatch("^run-[a-z0-9]{5}$");
    }

    [Fact]
    public async Task Create_MissingNamespace_NotFound()
    {
        var answer = await PostAsync("/api/v1/namespaces/nowhere/configmaps", ConfigMap("a"));

        (answer.Code, answer.Message).ShouldBe((404, "namespaces \"nowhere\" not found"));
    }

    [Fact]
    public async Task Create_BadName_InvalidWithFieldCause()
    {
        var answer = await PostAsync(ConfigMaps, ConfigMap("Not_OK"));

        (answer.Code, answer.Reason).ShouldBe((422, "Invalid"));
        answer.Message.ShouldStartWith("ConfigMap \"Not_OK\" is invalid: metadata.name: Invalid value: \"Not_OK\"");
        ((string?)answer.Json["details"]!["causes"]![0]!["field"]).ShouldBe("metadata.name");
    }

    [Fact]
    public async Task Create_StatusInBody_IsIgnoredForKindsWithStatusSubresource()
    {
        var body = Deployment("web");
        body["status"] = new JsonObject { ["replicas"] = 7 };

        (await CreateAsync(Deployments, body)).ContainsKey("status").ShouldBeFalse();
    }

    [Fact]
    public async Task Get_Missing_NotFoundNamesGroupAndResource()
    {
        var answer = await GetAsync($"{Deployments}/nope");

        (answer.Code, answer.Message).ShouldBe((404, "deployments.apps \"nope\" not found"));
        ((string?)answer.Json["details"]!["kind"]).ShouldBe("deployments");
    }

    [Fact]
    public async Task Get_UnknownResource_PlainNotFound()
    {
        (await GetAsync("/apis/apps/v1/things")).Message.ShouldBe("the server could not find the requested resource");
        var answer = await GetAsync("/apis/nope/v1/things");
        (answer.Code, answer.Text).ShouldBe((404, "404 page not found\n"), "no Status, as in the real server");
    }

    [Fact]
    public async Task Put_OldResourceVersion_ConflictInKubernetesWords()
    {
        var made = await CreateAsync(ConfigMaps, ConfigMap("a", ("k", "1")));
        await PatchAsync($"{ConfigMaps}/a", """{"data":{"k":"2"}}""");
        var answer = await PutAsync($"{ConfigMaps}/a", made);

        (answer.Code, answer.Reason).ShouldBe((409, "Conflict"));
        answer.Message.ShouldBe("Operation cannot be fulfilled on configmaps \"a\": the object has been modified; please apply your changes to the latest version and try again");
    }

    [Fact]
    public async Task Put_WithoutResourceVersion_ReplacesUnconditionally()
    {
        await CreateAsync(ConfigMaps, ConfigMap("a", ("k", "1")));
        var answer = await PutAsync($"{ConfigMaps}/a", ConfigMap("a", ("other", "2")));

        answer.Code.ShouldBe(200, answer.Text);
        answer.Json["data"]!.AsObject().Select(p => p.Key).ShouldBe(["other"]);
    }

    [Fact]
    public async Task Put_NothingChanged_KeepsResourceVersion()
    {
        var made = await CreateAsync(Deployments, Deployment("web"));
        var answer = await PutAsync($"{Deployments}/web", made);

        ((string?)answer.Json["metadata"]!["resourceVersion"]).ShouldBe((string?)made["metadata"]!["resourceVersion"]);
    }

    [Fact]
    public async Task Generation_MovesWithSpecOnly()
    {
        await CreateAsync(Deployments, Deployment("web"));
        var labelled = await PatchAsync($"{Deployments}/web", """{"metadata":{"labels":{"x":"y"}}}""");
        var status = await PatchAsync($"{Deployments}/web/status", """{"status":{"replicas":1}}""");
        var scaled = await PatchAsync($"{Deployments}/web", """{"spec":{"replicas":4}}""");

        new[] { labelled, status, scaled }.Select(a => (int)a.Json["metadata"]!["generation"]!).ShouldBe([1, 1, 2]);
    }

    [Fact]
    public async Task Status_AndSpec_AreIsolatedFromEachOther()
    {
        await CreateAsync(Deployments, Deployment("web"));
        await PatchAsync($"{Deployments}/web/status", """{"status":{"replicas":3},"spec":{"replicas":9},"metadata":{"labels":{"a":"b"}}}""");
        var main = await PatchAsync($"{Deployments}/web", """{"status":{"replicas":8},"spec":{"paused":true}}""");

        ((int)main.Json["status"]!["replicas"]!).ShouldBe(3);
        ((int)main.Json["spec"]!["replicas"]!).ShouldBe(1);
        main.Json["metadata"]!["labels"]!.AsObject().ContainsKey("a").ShouldBeFalse();
    }

    [Fact]
    public async Task Scale_GetAndPatch_MoveReplicas()
    {
        await CreateAsync(Deployments, Deployment("web"));
        var scaled = await PatchAsync($"{Deployments}/web/scale", """{"spec":{"replicas":3}}""");
        var read = await GetAsync($"{Deployments}/web/scale");

        ((int)scaled.Json["spec"]!["replicas"]!).ShouldBe(3);
        ((string?)read.Json["kind"]).ShouldBe("Scale");
        ((string?)read.Json["status"]!["selector"]).ShouldBe("app=web");
        ((int)(await GetAsync($"{Deployments}/web")).Json["spec"]!["replicas"]!).ShouldBe(3);
    }

    [Fact]
    public async Task Scale_PutOfOldVersion_Conflicts()
    {
        await CreateAsync(Deployments, Deployment("web"));
        var old = (await GetAsync($"{Deployments}/web/scale")).Json;
        await PatchAsync($"{Deployments}/web", """{"spec":{"paused":true}}""");

        (await PutAsync($"{Deployments}/web/scale", old)).Code.ShouldBe(409);
    }

    [Fact]
    public async Task Delete_WrongUidPrecondition_ConflictAndStays()
    {
        await CreateAsync(ConfigMaps, ConfigMap("a"));
        var answer = await DeleteAsync($"{ConfigMaps}/a", """{"preconditions":{"uid":"other"}}""");

        answer.Code.ShouldBe(409);
        (await GetAsync($"{ConfigMaps}/a")).Code.ShouldBe(200);
    }

    [Fact]
    public async Task Delete_WithFinalizer_MarksThenGoesWithTheLastOne()
    {
        var body = ConfigMap("a");
        body["metadata"]!["finalizers"] = new JsonArray("x/y");
        await CreateAsync(ConfigMaps, body);
        var marked = await DeleteAsync($"{ConfigMaps}/a");
        var released = await PatchAsync($"{ConfigMaps}/a", """{"metadata":{"finalizers":null}}""");

        ((string?)marked.Json["metadata"]!["deletionTimestamp"]).ShouldNotBeNull();
        released.Code.ShouldBe(200);
        (await GetAsync($"{ConfigMaps}/a")).Code.ShouldBe(404);
    }

    [Fact]
    public async Task DeleteCollection_WithSelector_LeavesTheRest()
    {
        var labelled = ConfigMap("a");
        labelled["metadata"]!["labels"] = new JsonObject { ["x"] = "1" };
        await CreateAsync(ConfigMaps, labelled);
        await CreateAsync(ConfigMaps, ConfigMap("b"));
        await DeleteAsync($"{ConfigMaps}?labelSelector=x%3D1");

        (await GetAsync(ConfigMaps)).Json["items"]!.AsArray().Select(i => (string?)i!["metadata"]!["name"]).ShouldBe(["b"]);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    public async Task DryRun_StoresNothing(string method)
    {
        await CreateAsync(ConfigMaps, ConfigMap("there", ("k", "1")));
        var answer = method switch
        {
            "POST" => await PostAsync($"{ConfigMaps}?dryRun=All", ConfigMap("new")),
            "PATCH" => await PatchAsync($"{ConfigMaps}/there?dryRun=All", """{"data":{"k":"2"}}"""),
            _ => await DeleteAsync($"{ConfigMaps}/there?dryRun=All"),
        };

        answer.Code.ShouldBeLessThan(300, answer.Text);
        (await GetAsync($"{ConfigMaps}/new")).Code.ShouldBe(404);
        ((string?)(await GetAsync($"{ConfigMaps}/there")).Json["data"]!["k"]).ShouldBe("1");
    }

    [Fact]
    public async Task NoToken_Unauthorized()
    {
        using var stranger = Server.CreateClient("wrong");
        using var response = await stranger.GetAsync(new Uri("/api/v1/namespaces", UriKind.Relative), Deadline);

        ((int)response.StatusCode).ShouldBe(401);
    }

    [Fact]
    public async Task Namespaces_AtStart_AreTheUsualThree()
        => (await GetAsync("/api/v1/namespaces")).Json["items"]!.AsArray().Select(i => (string?)i!["metadata"]!["name"]).ShouldBe(["default", "kube-public", "kube-system"]);
}
