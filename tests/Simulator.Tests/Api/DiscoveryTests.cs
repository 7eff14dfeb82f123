using System.Text.Json.Nodes;

namespace CanaryFunctions.Simulator.Tests.Api;

public sealed class DiscoveryTests : ApiTest
{
    private const string V2 = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
    private const string V2Beta1 = "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList";

    [Theory]
    [InlineData($"{V2},{V2Beta1},application/json", V2)]
    [InlineData($"{V2Beta1},application/json", V2Beta1)]
    public async Task Apis_Aggregated_AnswersTheVersionNamedFirst(string accept, string contentType)
    {
        var answer = await GetAsync("/apis", accept);

        answer.ContentType.Replace(" ", "", StringComparison.Ordinal).ShouldBe(contentType);
        answer.Json["items"]!.AsArray().Select(i => (string?)i!["metadata"]!["name"]).ShouldContain("flagger.app");
    }

    [Fact]
    public async Task Aggregated_Deployment_HasNamesAndSubresources()
    {
        var apps = (await GetAsync("/apis", V2)).Json["items"]!.AsArray().Single(i => (string?)i!["metadata"]!["name"] == "apps")!;
        var deployments = apps["versions"]![0]!["resources"]!.AsArray().Single(r => (string?)r!["resource"] == "deployments")!;

        ((string?)deployments["shortNames"]![0], (string?)deployments["categories"]![0], (string?)deployments["singularResource"]).ShouldBe(("deploy", "all", "deployment"));
        deployments["subresources"]!.AsArray().Select(s => (string?)s!["subresource"]).ShouldBe(["status", "scale"]);
    }

    [Fact]
    public async Task Autoscaling_PrefersV2()
        => ((string?)(await GetAsync("/apis/autoscaling")).Json["preferredVersion"]!["version"]).ShouldBe("v2");

    [Fact]
    public async Task Plain_GroupByGroup_ListsResourcesAndScaleKind()
    {
        (await GetAsync("/apis")).Json["groups"]!.AsArray().Select(g => (string?)g!["name"]).ShouldContain("networking.k8s.io");
        var resources = (await GetAsync("/apis/apps/v1")).Json["resources"]!.AsArray();

        ((string?)resources.Single(r => (string?)r!["name"] == "deployments/scale")!["group"]).ShouldBe("autoscaling");
        ((string?)(await GetAsync("/api")).Json["versions"]![0]).ShouldBe("v1");
    }

    [Fact]
    public async Task Version_IsRecent()
        => ((string?)(await GetAsync("/version")).Json["minor"]).ShouldBe("32");

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/livez")]
    [InlineData("/readyz")]
    public async Task Health_IsOkForEverybody(string path)
    {
        using var stranger = Server.CreateClient("none");

        (await stranger.GetStringAsync(new Uri(path, UriKind.Relative), Deadline)).ShouldBe("ok");
    }

    [Fact]
    public async Task OpenApiV2_HasALegalMediaType_AndNamesTheQueryParameter()
    {
        var answer = await GetAsync("/openapi/v2", "application/com.github.proto-openapi.spec.v2@v1.0+protobuf");

        answer.ContentType.ShouldBe("application/com.github.proto-openapi.spec.v2.v1.0+protobuf");
        answer.Text.ShouldContain("fieldValidation");
        answer.Text.ShouldContain("x-kubernetes-group-version-kind");
    }

    [Fact]
    public async Task OpenApiV3_OfAGroup_HasTheWholeSchemaOfCustomKinds()
    {
        var index = (await GetAsync("/openapi/v3")).Json;
        var url = (string?)index["paths"]!["apis/flagger.app/v1beta1"]!["serverRelativeURL"];
        var schemas = (await GetAsync(url!)).Json["components"]!["schemas"]!.AsObject();
        var canary = schemas.Single(s => s.Value!["x-kubernetes-group-version-kind"]?[0]?["kind"]?.GetValue<string>() == "Canary").Value!;

        ((string?)canary["properties"]!["spec"]!["properties"]!["analysis"]!["properties"]!["stepWeight"]!["type"]).ShouldBe("integer");
    }

    [Fact]
    public async Task SelfSubjectAccessReview_IsAllowed()
    {
        var answer = await PostAsync("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", new JsonObject
        {
            ["spec"] = new JsonObject { ["resourceAttributes"] = new JsonObject { ["verb"] = "get", ["resource"] = "pods" } },
        });

        ((bool)answer.Json["status"]!["allowed"]!).ShouldBeTrue();
    }
}
