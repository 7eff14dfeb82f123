using System.Text;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Admission;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Webhook.Admission;
using CanaryFunctions.Webhook.Hints;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace CanaryFunctions.Webhook.Tests;

public sealed class ReviewEnvelopeTests
{
    public static readonly TheoryData<string> Odd = new()
    {
        "{",
        "[]",
        "{}",
        Review("""{"uid":"u","kind":{"kind":"Pod"},"operation":"CREATE","name":"a"}""") + "x",
        Review("""{"uid":"u","kind":{"kind":"Pod"},"operation":"CREATE"}"""),
        Review("""{"uid":"","kind":{"kind":"Pod"},"operation":"CREATE","name":"a"}"""),
        Review("""{"uid":"u","uid":"v","kind":{"kind":"Pod"},"operation":"CREATE","name":"a"}"""),
        Review("""{"uid":1,"kind":{"kind":"Pod"},"operation":"CREATE","name":"a"}"""),
        Review("""{"uid":"u","kind":{},"operation":"CREATE","name":"a"}"""),
        Review("""{"uid":"u","kind":{"kind":"Pod"},"operation":"PATCH","name":"a"}"""),
        Review("""{"uid":"u","kind":{"kind":"Pod"},"name":"a"}"""),
        Review("""{"uid":"u","kind":{"kind":"Pod"},"operation":"CREATE","name":"a","object":[]}"""),
        Review("""{"uid":"u","kind":{"kind":"Pod"},"operation":"CREATE","name":"a","object":{},"object":{}}"""),
        Review("""{"uid":"u","kind":{"kind":"Pod"},"operation":"UPDATE","name":"a","oldObject":"x"}"""),
        """{"apiVersion":"admission.k8s.io/v1beta1","kind":"AdmissionReview","request":{"uid":"u","kind":{"kind":"Pod"},"operation":"CREATE","name":"a"}}""",
    };

    [Fact]
    public void TryRead_Review_TellsWhatTheFullReaderTells()
    {
        foreach (var review in new[] { Reviews.Of("UPDATE", Reviews.Deployment("podinfo:2"), Reviews.Deployment()), Reviews.Of("DELETE", null, Reviews.Canary()) })
        {
            var bytes = Bytes(review);
            ReviewReader.TryRead(bytes, out var full, out var problem).ShouldBeTrue(problem);

            ReviewEnvelope.TryRead(bytes).ShouldBe(new(full.Uid, full.Group, full.Kind, full.Namespace, full.Name));
        }
    }

    [Fact]
    public void TryRead_ReviewThatLeavesTheNameToTheObject_FindsItThere()
    {
        var review = Reviews.Of("CREATE", Reviews.Deployment());
        review["request"]!.AsObject().Remove("name");

        ReviewEnvelope.TryRead(Bytes(review))!.Name.ShouldBe("podinfo");
    }

    [Theory]
    [MemberData(nameof(Odd))]
    public void TryRead_AnythingOdd_IsLeftToTheFullReader(string body) => ReviewEnvelope.TryRead(Encoding.UTF8.GetBytes(body)).ShouldBeNull();

    [Fact]
    public void TryRead_BytesThatAreNoText_AreLeftToTheFullReader()
        => ReviewEnvelope.TryRead([.. Encoding.UTF8.GetBytes(Review("""{"uid":"u","kind":{"kind":"Pod"},"operation":"CREATE","name":"a","object":{"x":""")), (byte)'"', 0xc3, 0x28, (byte)'"', .. "}}}"u8]).ShouldBeNull();

    [Fact]
    public async Task ReviewOfAnObjectThatIsNotOurs_CostsTheSame_HoweverLargeItIs()
    {
        await using var services = RunningWebhook.Services(new LiveCluster(TimeProvider.System), new RecordingQueue());
        using var hints = new HintChannel(1);
        using var meter = new System.Diagnostics.Metrics.Meter("test");
        var pump = new HintPump(hints, new RecordingQueue(), new HintMetrics(meter), TimeSpan.Zero, TimeProvider.System, NullLogger<HintPump>.Instance);
        var policy = services.GetRequiredService<AdmissionPolicy>();
        var endpoints = new AdmissionEndpoints(policy, pump, null, NullLogger<AdmissionEndpoints>.Instance);

        var (small, large) = (await CostAsync(endpoints, policy, 1_000), await CostAsync(endpoints, policy, 1_000_000));

        (large - small).ShouldBeLessThan(2_000, $"{small} bytes for 1 KB, {large} for 1 MB");
    }

    // Bytes allocated for one review, the least of some.
    private static async Task<long> CostAsync(AdmissionEndpoints endpoints, AdmissionPolicy policy, int size)
    {
        var big = Reviews.Deployment();
        big.Metadata()["annotations"] = new JsonObject { ["notes"] = new string('x', size / 2) };
        var body = Bytes(Reviews.Of("UPDATE", big, big));
        var least = long.MaxValue;
        for (var i = 0; i < 20; i++)
        {
            var http = new DefaultHttpContext();
            http.Request.ContentType = "application/json";
            http.Request.ContentLength = body.Length;
            http.Request.Body = new MemoryStream(body);
            using var answer = new MemoryStream(1_000);
            http.Response.Body = answer;
            var before = GC.GetAllocatedBytesForCurrentThread();
            await endpoints.AnswerAsync(http, r => policy.Detect(r));
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            http.Response.StatusCode.ShouldBe(200);
            Encoding.UTF8.GetString(answer.ToArray()).ShouldContain("\"allowed\":true");
        }

        return least;
    }

    private static byte[] Bytes(JsonObject review) => Encoding.UTF8.GetBytes(review.ToJsonString());

    private static string Review(string request) => $$"""{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{{request}}}""";
}
