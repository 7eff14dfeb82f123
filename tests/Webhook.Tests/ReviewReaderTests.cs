using System.Text;
using CanaryFunctions.Core.Admission;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Webhook.Admission;

namespace CanaryFunctions.Webhook.Tests;

public sealed class ReviewReaderTests
{
    public static readonly TheoryData<string, string> Wrong = new()
    {
        { "{", "the body is not JSON (line 1, byte 2)" },
        { "{\n  \"a\": 1,\n  \"a\": 2 }", "the body is not JSON: an object has a key twice" },
        { "\"\\ud800\"", "the body holds text that is not Unicode" },
        { "{\"a\":\n\"\\uD800", "the body is not JSON (line 2, byte 8)" },
        { "{\"\\uDfff\":1}", "the body holds text that is not Unicode" },
        { "{}", "the body is not an admission.k8s.io/v1 AdmissionReview" },
        { Review("[]"), "the review has no request" },
        { Review("{}"), "the request has no uid" },
        { Review("""{"uid":"u"}"""), "the request has no kind" },
        { Review("""{"uid":"u","kind":{"kind":"Canary"},"operation":"PATCH"}"""), "the request's operation is not one of CREATE, UPDATE, DELETE, CONNECT" },
        { Review("""{"uid":"u","kind":{"kind":"Canary"},"operation":"CREATE","object":[]}"""), "the request's object is not an object" },
        { Review("""{"uid":"u","kind":{"kind":"Canary"},"operation":"UPDATE","object":{},"oldObject":"x"}"""), "the request's object is not an object" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void TryRead_NoReview_SaysWhatIsWrong(string body, string expected)
    {
        ReviewReader.TryRead(Encoding.UTF8.GetBytes(body), out var request, out var problem).ShouldBeFalse();

        problem.ShouldBe(expected);
        request.ShouldBeNull();
    }

    [Fact]
    public void TryRead_BytesThatAreNoText_AreRefused()
    {
        ReviewReader.TryRead([(byte)'"', 0xc3, 0x28, (byte)'"'], out _, out var problem).ShouldBeFalse();

        problem.ShouldBe("the body is not UTF-8");
    }

    [Fact]
    public void TryRead_EscapedPair_IsText()
        => Read(Reviews.Of("CREATE", Reviews.Parse("""{"kind":"Canary","metadata":{"name":"\ud83d\ude00"}}""")).ToJsonString()).Object!.Name().ShouldBe("😀");

    [Fact]
    public void TryRead_Update_HasAllFacts()
    {
        var request = Read(Reviews.Of("UPDATE", Reviews.Deployment("podinfo:2"), Reviews.Deployment(), dryRun: true).ToJsonString());

        request.Operation.ShouldBe(AdmissionOperation.Update);
        request.Uid.ShouldBe("review-1");
        (request.Group, request.Kind).ShouldBe(("apps", "Deployment"));
        (request.Namespace, request.Name).ShouldBe(("test", "podinfo"));
        request.DryRun.ShouldBeTrue();
        request.User.ShouldBe("jane");
        request.SubResource.ShouldBe("");
        request.OldObject.ShouldNotBeNull();
    }

    [Fact]
    public void TryRead_ObjectWithoutNamespace_GetsTheRequests()
        => Read(Reviews.Of("CREATE", Reviews.Parse("""{"kind":"Canary","metadata":{"name":"a"}}""")).ToJsonString()).Object!.Namespace().ShouldBe("test");

    private static AdmissionRequest Read(string json)
    {
        ReviewReader.TryRead(Encoding.UTF8.GetBytes(json), out var request, out var problem).ShouldBeTrue(problem);
        return request!;
    }

    private static string Review(string request) => $$"""{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{{request}}}""";
}
