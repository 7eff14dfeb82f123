using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api;

namespace CanaryFunctions.Simulator.Tests.Api;

public sealed class CollectionTests : ApiTest
{
    [Fact]
    public async Task OwnerDeleted_DependentsGoInTheBackground()
    {
        var owner = await CreateAsync(ConfigMaps, ConfigMap("owner"));
        await CreateAsync(ConfigMaps, Owned("child", owner));
        await DeleteAsync($"{ConfigMaps}/owner", """{"propagationPolicy":"Background"}""");

        await GoneAsync(ConfigMaps, "child");
    }

    [Fact]
    public async Task OwnerAbsentFromTheStart_DependentGoes()
    {
        var gone = ConfigMap("gone");
        gone["metadata"]!["uid"] = "11111111-2222-4333-8444-555555555555";
        await CreateAsync(ConfigMaps, Owned("child", gone));

        await GoneAsync(ConfigMaps, "child");
    }

    [Fact]
    public async Task OneOfTwoOwnersDeleted_DependentStaysWithTheOther()
    {
        var (one, two) = (await CreateAsync(ConfigMaps, ConfigMap("one")), await CreateAsync(ConfigMaps, ConfigMap("two")));
        var made = await CreateAsync(ConfigMaps, Owned("child", one, two));
        await DeleteAsync($"{ConfigMaps}/one");
        var events = await WatchAsync($"{ConfigMaps}?watch=true&fieldSelector=metadata.name%3Dchild&resourceVersion={(string?)made["metadata"]!["resourceVersion"]}", _ => true);

        events[0]["object"]!["metadata"]!["ownerReferences"]!.AsArray().Select(o => (string?)o!["name"]).ShouldBe(["two"]);
    }

    [Fact]
    public async Task Foreground_OwnerWaitsForBlockingDependents()
    {
        var owner = await CreateAsync(ConfigMaps, ConfigMap("owner"));
        var child = Owned("child", owner);
        child["metadata"]!["finalizers"] = new JsonArray("test/hold");
        await CreateAsync(ConfigMaps, child);
        var answer = await DeleteAsync($"{ConfigMaps}/owner", """{"propagationPolicy":"Foreground"}""");
        answer.Json["metadata"]!["finalizers"]!.AsArray().Select(f => (string?)f).ShouldBe(["foregroundDeletion"]);

        (await PatchAsync($"{ConfigMaps}/child", """[{"op":"test","path":"/metadata/finalizers/0","value":"test/hold"},{"op":"remove","path":"/metadata/finalizers/0"}]""", JsonPatchType)).Code.ShouldBe(200);
        await GoneAsync(ConfigMaps, "child");
        await GoneAsync(ConfigMaps, "owner");
    }

    [Fact]
    public async Task Orphan_DependentStaysWithoutReference()
    {
        var owner = await CreateAsync(ConfigMaps, ConfigMap("owner"));
        await CreateAsync(ConfigMaps, Owned("child", owner));
        await DeleteAsync($"{ConfigMaps}/owner", """{"propagationPolicy":"Orphan"}""");
        await GoneAsync(ConfigMaps, "owner");

        (await GetAsync($"{ConfigMaps}/child")).Json["metadata"]!.AsObject().ContainsKey("ownerReferences").ShouldBeFalse();
    }

    [Fact]
    public async Task NamespaceDeleted_ContentsGo_AndNothingNewIsTaken()
    {
        await CreateAsync("/api/v1/namespaces", Yaml("{apiVersion: v1, kind: Namespace, metadata: {name: test}}"));
        var held = ConfigMap("held");
        held["metadata"]!["finalizers"] = new JsonArray("test/hold");
        await CreateAsync("/api/v1/namespaces/test/configmaps", held);
        var marked = await DeleteAsync("/api/v1/namespaces/test");
        var refused = await PostAsync("/api/v1/namespaces/test/configmaps", ConfigMap("new"));

        ((string?)marked.Json["status"]!["phase"]).ShouldBe("Terminating");
        (refused.Code, refused.Reason).ShouldBe((403, "Forbidden"));
        refused.Message.ShouldContain("because it is being terminated");
        await PatchAsync("/api/v1/namespaces/test/configmaps/held", """{"metadata":{"finalizers":null}}""");
        await GoneAsync("/api/v1/namespaces", "test");
    }

    [Fact]
    public async Task GracefulPodDeletion_BoundPod_WaitsForItsKubelet()
    {
        const string Pods = "/api/v1/namespaces/default/pods";
        await using var server = await ApiServer.StartAsync(new ApiServerOptions { GracefulPodDeletion = true }, CancellationToken.None);
        using var client = server.CreateClient();
        var pod = Yaml("{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {nodeName: n, containers: [{name: c, image: i}]}}");
        using var made = await client.PostAsync(new Uri(Pods, UriKind.Relative), new StringContent(pod.ToJsonString(), null, "application/json"), Deadline);
        using var first = await client.DeleteAsync(new Uri($"{Pods}/p", UriKind.Relative), Deadline);
        using var still = await client.GetAsync(new Uri($"{Pods}/p", UriKind.Relative), Deadline);
        using var second = await client.DeleteAsync(new Uri($"{Pods}/p?gracePeriodSeconds=0", UriKind.Relative), Deadline);
        using var gone = await client.GetAsync(new Uri($"{Pods}/p", UriKind.Relative), Deadline);

        (await first.Content.ReadAsStringAsync(Deadline)).ShouldContain("\"deletionGracePeriodSeconds\":30");
        ((int)still.StatusCode, (int)gone.StatusCode).ShouldBe((200, 404));
    }

    private static JsonObject Owned(string name, params JsonObject[] owners)
    {
        var body = ConfigMap(name);
        body["metadata"]!["ownerReferences"] = new JsonArray([.. owners.Select(o => new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ConfigMap",
            ["name"] = (string?)o["metadata"]!["name"],
            ["uid"] = (string?)o["metadata"]!["uid"],
            ["blockOwnerDeletion"] = true,
        })]);
        return body;
    }
}
