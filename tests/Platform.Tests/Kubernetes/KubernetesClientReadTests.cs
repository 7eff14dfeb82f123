using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.TestKit;

namespace CanaryFunctions.Platform.Tests.Kubernetes;

public class KubernetesClientReadTests
{
    private static readonly ObjectRef Podinfo = new(Kinds.Deployment, "test", "podinfo");

    [Fact]
    public async Task Get_ObjectIsThere_IsRead()
    {
        using var stub = new ApiStub(_ => ApiStub.Json("""{"metadata":{"name":"podinfo"}}"""));
        using var client = stub.Client();

        (await client.GetAsync(Podinfo, default))!.Name().ShouldBe("podinfo");

        stub.Lines.ShouldBe(["GET /apis/apps/v1/namespaces/test/deployments/podinfo"]);
    }

    [Fact]
    public async Task Get_ObjectIsMissing_IsNull()
    {
        using var stub = new ApiStub(_ => ApiStub.Status(404, "NotFound", "deployments.apps \"podinfo\" not found"));
        using var client = stub.Client();

        (await client.GetAsync(Podinfo, default)).ShouldBeNull();
    }

    [Fact]
    public async Task Get_Forbidden_KeepsReasonAndMessageAndIsNotRetried()
    {
        using var stub = new ApiStub(_ => ApiStub.Status(403, "Forbidden", "deployments.apps is forbidden"));
        using var client = stub.Client();

        var error = await Should.ThrowAsync<ClusterException>(() => client.GetAsync(Podinfo, default));

        (error.StatusCode, error.Reason, error.Message).ShouldBe((403, "Forbidden", "deployments.apps is forbidden"));
        stub.Requests.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Get_ServerFailsTwice_IsReadAtTheThirdAttempt(int status)
    {
        var failures = 2;
        using var stub = new ApiStub(_ => failures-- > 0 ? ApiStub.Json("no", status) : ApiStub.Json("{}"));
        using var client = stub.Client();

        (await client.GetAsync(Podinfo, default)).ShouldNotBeNull();

        stub.Requests.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Get_ServerKeepsFailing_GivesUpWithItsWords()
    {
        using var stub = new ApiStub(_ => ApiStub.Status(500, "InternalError", "etcd is away"));
        using var client = stub.Client();

        var error = await Should.ThrowAsync<ClusterException>(() => client.GetAsync(Podinfo, default));

        error.Message.ShouldBe("etcd is away");
        error.IsTransient.ShouldBeTrue();
        stub.Requests.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Get_NoAnswer_IsStatusZeroAndSaysWhy()
    {
        using var stub = new ApiStub(_ => throw new HttpRequestException(HttpRequestError.NameResolutionError));
        using var client = stub.Client();

        var error = await Should.ThrowAsync<ClusterException>(() => client.GetAsync(Podinfo, default));

        error.StatusCode.ShouldBe(0);
        error.Message.ShouldBe("GET http://api.example/apis/apps/v1/namespaces/test/deployments/podinfo: host name not found");
    }

    [Fact]
    public async Task Get_AnswerIsHtml_IsToldWithoutTheHtml()
    {
        using var stub = new ApiStub(_ => ApiStub.Json("<html>bad</html>", 400));
        using var client = stub.Client();

        var error = await Should.ThrowAsync<ClusterException>(() => client.GetAsync(Podinfo, default));

        error.Message.ShouldEndWith(": HTTP 400 BadRequest");
    }

    [Fact]
    public async Task Get_RetryAfter_IsWaitedFor()
    {
        var clock = new FakeClock();
        var first = true;
        using var stub = new ApiStub(_ =>
        {
            var answer = ApiStub.Json("{}", first ? 429 : 200);
            answer.Headers.RetryAfter = first ? new(TimeSpan.FromSeconds(7)) : null;
            first = false;
            return answer;
        });
        using var client = stub.Client(clock);
        var started = clock.GetUtcNow();

        var read = client.GetAsync(Podinfo, default);
        await clock.AdvanceUntilAsync(read, TimeSpan.FromSeconds(1));

        (clock.GetUtcNow() - started).ShouldBeInRange(TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(12));
    }

    [Fact]
    public async Task List_SeveralPages_AreOneList()
    {
        using var stub = new ApiStub(asked => ApiStub.Json(asked.Path.Contains("continue=", StringComparison.Ordinal)
            ? """{"metadata":{"resourceVersion":"9"},"items":[{"metadata":{"name":"b"}}]}"""
            : """{"metadata":{"resourceVersion":"9","continue":"next page"},"items":[{"metadata":{"name":"a"}}]}"""));
        using var client = stub.Client();

        var list = await client.ListAsync(Kinds.Canary, null, new ListOptions(LabelSelector: "app=podinfo"), default);

        list.Items.Select(i => i.Name()).ShouldBe(["a", "b"]);
        list.ResourceVersion.ShouldBe("9");
        list.Items[0].ToJsonString().ShouldBe("""{"apiVersion":"flagger.app/v1beta1","kind":"Canary","metadata":{"name":"a"}}""");
        stub.Lines.ShouldBe(
        [
            "GET /apis/flagger.app/v1beta1/canaries?labelSelector=app%3Dpodinfo&limit=500",
            "GET /apis/flagger.app/v1beta1/canaries?labelSelector=app%3Dpodinfo&limit=500&continue=next%20page",
        ]);
    }

    [Fact]
    public async Task List_PagesExpire_StartsAnew()
    {
        var expired = false;
        using var stub = new ApiStub(asked =>
        {
            if (asked.Path.Contains("continue=", StringComparison.Ordinal) && !expired)
            {
                expired = true;
                return ApiStub.Status(410, "Expired", "the list is too old");
            }

            return ApiStub.Json(asked.Path.Contains("continue=", StringComparison.Ordinal)
                ? """{"metadata":{"resourceVersion":"12"},"items":[{"metadata":{"name":"b"}}]}"""
                : """{"metadata":{"resourceVersion":"12","continue":"x"},"items":[{"metadata":{"name":"a"}}]}""");
        });
        using var client = stub.Client();

        var list = await client.ListAsync(Kinds.Deployment, "test", new ListOptions(), default);

        list.Items.Select(i => i.Name()).ShouldBe(["a", "b"]);
        stub.Requests.Count.ShouldBe(4);
    }

    [Fact]
    public async Task List_MetadataOnly_AsksForItAndNamesTheRealKind()
    {
        using var stub = new ApiStub(_ => ApiStub.Json(
            """{"metadata":{"resourceVersion":"1"},"items":[{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":{"name":"a"}}]}"""));
        using var client = stub.Client();

        var list = await client.ListAsync(Kinds.Secret, "test", new ListOptions(MetadataOnly: true), default);

        stub.Requests[0].Accept.ShouldContain("as=PartialObjectMetadataList");
        list.Items[0].Text("kind").ShouldBe("Secret");
        list.Items[0].Text("apiVersion").ShouldBe("v1");
    }
}
