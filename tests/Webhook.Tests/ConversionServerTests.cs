using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Webhook.Tests;

public sealed class ConversionServerTests
{
    private const string Alpha = "flagger.app/v1alpha3";
    private const string Beta = "flagger.app/v1beta1";

    [Fact]
    public async Task Convert_SeveralObjects_AnswersThemInTheirOrder()
    {
        await using var webhook = await RunningWebhook.StartAsync();
        var canary = Reviews.Canary();
        var template = Reviews.Parse("""{"apiVersion":"flagger.app/v1beta1","kind":"MetricTemplate","metadata":{"name":"t"},"spec":{"query":"q"} }""");

        var response = await AskAsync(webhook, Review(Alpha, canary, template));

        response.Text("uid").ShouldBe("review-1");
        response["result"]!.ToJsonString().ShouldBe("""{"status":"Success"}""");
        var (first, second) = (response["convertedObjects"]![0]!, response["convertedObjects"]![1]!);
        first.Text("apiVersion").ShouldBe(Alpha);
        first.At("spec", "canaryAnalysis", "metrics")!.ToJsonString().ShouldBe("""[{"name":"request-success-rate","threshold":99}]""");
        first.At("spec", "analysis").ShouldBeNull();
        second.Text("apiVersion").ShouldBe(Alpha);
        second.Text("spec", "query").ShouldBe("q");
        var back = await AskAsync(webhook, Review(Beta, (JsonObject)first));
        JsonNode.DeepEquals(back["convertedObjects"]![0], canary).ShouldBeTrue();
    }

    [Fact]
    public async Task Convert_OneObjectThatCannotBe_FailsTheReviewAndSaysWhy()
    {
        await using var webhook = await RunningWebhook.StartAsync();

        var response = await AskAsync(webhook, Review(Alpha, Reviews.Canary(), Reviews.Deployment()));

        response.Text("uid").ShouldBe("review-1");
        response.Text("result", "status").ShouldBe("Failure");
        response.Text("result", "message").ShouldBe("Deployment podinfo.test: version 'apps/v1' is not one of flagger.app/v1alpha3, flagger.app/v1beta1.");
        response.ListAt("convertedObjects").ShouldBeEmpty();
    }

    [Fact]
    public async Task Convert_UnknownVersion_Fails()
    {
        await using var webhook = await RunningWebhook.StartAsync();

        (await AskAsync(webhook, Review("flagger.app/v2", Reviews.Canary()))).Text("result", "message").ShouldBe(
            "Canary podinfo.test: version 'flagger.app/v2' is not one of flagger.app/v1alpha3, flagger.app/v1beta1.");
    }

    [Fact]
    public async Task Convert_NoObjects_IsASuccess()
    {
        await using var webhook = await RunningWebhook.StartAsync();

        (await AskAsync(webhook, Review(Alpha))).Text("result", "status").ShouldBe("Success");
    }

    [Fact]
    public async Task Convert_HalfASurrogateInAnObject_IsRefused()
    {
        await using var webhook = await RunningWebhook.StartAsync();
        var review = Review(Alpha, Reviews.Canary()).ToJsonString().Replace("podinfo", "\\ud800", StringComparison.Ordinal);

        using var answer = await webhook.PostAsync("/convert", Encoding.UTF8.GetBytes(review));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("", "the body is not JSON")]
    [InlineData("[]", "the body is not an apiextensions.k8s.io/v1 ConversionReview")]
    [InlineData("""{"apiVersion":"apiextensions.k8s.io/v1beta1","kind":"ConversionReview"}""", "the body is not an apiextensions.k8s.io/v1 ConversionReview")]
    [InlineData("""{"apiVersion":"apiextensions.k8s.io/v1","kind":"ConversionReview"}""", "the review has no request")]
    [InlineData("""{"apiVersion":"apiextensions.k8s.io/v1","kind":"ConversionReview","request":{"desiredAPIVersion":"x","objects":[]}}""", "the request has no uid")]
    [InlineData("""{"apiVersion":"apiextensions.k8s.io/v1","kind":"ConversionReview","request":{"uid":"u","objects":[]}}""", "the request has no desiredAPIVersion")]
    [InlineData("""{"apiVersion":"apiextensions.k8s.io/v1","kind":"ConversionReview","request":{"uid":"u","desiredAPIVersion":"x"}}""", "the request's objects are not a list of objects")]
    [InlineData("""{"apiVersion":"apiextensions.k8s.io/v1","kind":"ConversionReview","request":{"uid":"u","desiredAPIVersion":"x","objects":[1]}}""", "the request's objects are not a list of objects")]
    [InlineData("""{"apiVersion":"apiextensions.k8s.io/v1","kind":"ConversionReview","request":{"uid":"u","uid":"v"}}""", "the body is not JSON: an object has a key twice")]
    public async Task Convert_WhatIsNoReview_IsRefused(string body, string problem)
    {
        await using var webhook = await RunningWebhook.StartAsync();

        using var answer = await webhook.PostAsync("/convert", Encoding.UTF8.GetBytes(body));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldStartWith(problem);
    }

    [Fact]
    public async Task Convert_BodiesLargerThanAnAdmissionReview_ArePermittedAndHaveALimitToo()
    {
        await using var webhook = await RunningWebhook.StartAsync();
        var canary = Reviews.Canary();
        canary.Metadata()["annotations"] = new JsonObject { ["note"] = new string('x', 4 * 1024 * 1024) };

        (await AskAsync(webhook, Review(Alpha, canary))).Text("result", "status").ShouldBe("Success");
        using var refused = await webhook.PostAsync("/convert", new byte[Webhook.Conversion.ConversionEndpoint.MaxBody + 1]);
        refused.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        using var text = await webhook.PostAsync("/convert", [], "text/plain");
        text.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
    }

    private static JsonObject Review(string version, params JsonObject[] objects) => new()
    {
        ["apiVersion"] = "apiextensions.k8s.io/v1",
        ["kind"] = "ConversionReview",
        ["request"] = new JsonObject
        {
            ["uid"] = "review-1",
            ["desiredAPIVersion"] = version,
            ["objects"] = new JsonArray([.. objects.Select(o => o.DeepClone())]),
        },
    };

    private static async Task<JsonNode> AskAsync(RunningWebhook webhook, JsonObject review)
    {
        using var answer = await webhook.PostAsync("/convert", Encoding.UTF8.GetBytes(review.ToJsonString()));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var body = Reviews.Parse(await answer.Content.ReadAsStringAsync());
        (body.Text("apiVersion"), body.Text("kind")).ShouldBe(("apiextensions.k8s.io/v1", "ConversionReview"));
        return body["response"]!;
    }
}
