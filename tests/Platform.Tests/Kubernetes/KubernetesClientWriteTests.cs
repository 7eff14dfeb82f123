using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Platform.Tests.Kubernetes;

public class KubernetesClientWriteTests
{
    private static readonly ObjectRef Podinfo = new(Kinds.Service, "test", "podinfo");

    private static JsonObject Service(string version, string port, bool defaults = false)
    {
        var service = KubeObject.New(Kinds.Service, "test", "podinfo");
        service.Metadata()["resourceVersion"] = version;
        service["spec"] = new JsonObject { ["port"] = port };
        if (defaults)
        {
            service.Metadata()["uid"] = "u1";
            service.Section("spec")["type"] = "ClusterIP";
        }

        return service;
    }

    /// <summary>The first write gets no answer; then the object reads as given (null: 404), and later writes succeed.</summary>
    private static ApiStub LostAnswer(JsonObject? stored)
    {
        var lost = false;
        return new ApiStub(asked =>
        {
            if (asked.Method == "GET")
            {
                return stored is null ? ApiStub.Status(404, "NotFound", "not found") : ApiStub.Json(stored);
            }

            if (lost)
            {
                return ApiStub.Json("""{"metadata":{"name":"podinfo","resourceVersion":"99"}}""");
            }

            lost = true;
            throw new HttpRequestException(HttpRequestError.ResponseEnded);
        });
    }

    [Fact]
    public async Task Replace_AnswerLostAndStored_IsTheStoredObject()
    {
        using var stub = LostAnswer(Service("8", "80", defaults: true));
        using var client = stub.Client();

        var written = await client.ReplaceAsync(Kinds.Service, Service("7", "80"), default);

        written.ResourceVersion().ShouldBe("8");
        stub.Requests.Select(r => r.Method).ShouldBe(["PUT", "GET"]);
    }

    [Fact]
    public async Task Replace_AnswerLostAndNotStored_IsSentAgain()
    {
        using var stub = LostAnswer(Service("7", "8080"));
        using var client = stub.Client();

        var written = await client.ReplaceAsync(Kinds.Service, Service("7", "80"), default);

        written.ResourceVersion().ShouldBe("99");
        stub.Requests.Select(r => r.Method).ShouldBe(["PUT", "GET", "PUT"]);
    }

    [Fact]
    public async Task Replace_AnswerLostAndSomebodyElseWrote_IsAConflict()
    {
        using var stub = LostAnswer(Service("8", "8080"));
        using var client = stub.Client();

        var error = await Should.ThrowAsync<ClusterException>(() => client.ReplaceAsync(Kinds.Service, Service("7", "80"), default));

        error.IsConflict.ShouldBeTrue();
        stub.Requests.Select(r => r.Method).ShouldBe(["PUT", "GET"]);
    }

    [Fact]
    public async Task Replace_AnswerLostAndAnnotationOfOthersCameIn_IsAConflict()
    {
        var stored = Service("8", "80");
        stored.Metadata()["annotations"] = new JsonObject { ["theirs"] = "x" };
        using var stub = LostAnswer(stored);
        using var client = stub.Client();

        (await Should.ThrowAsync<ClusterException>(() => client.ReplaceAsync(Kinds.Service, Service("7", "80"), default))).IsConflict.ShouldBeTrue();
    }

    [Fact]
    public async Task Replace_WithoutResourceVersion_IsNotSentAgain()
    {
        using var stub = LostAnswer(Service("7", "8080"));
        using var client = stub.Client();

        var error = await Should.ThrowAsync<ClusterException>(() => client.ReplaceAsync(Kinds.Service, Service("", "80"), default));

        error.StatusCode.ShouldBe(0);
        stub.Requests.Select(r => r.Method).ShouldBe(["PUT"]);
    }

    [Fact]
    public async Task Replace_Conflict_IsNeverSentAgain()
    {
        using var stub = new ApiStub(_ => ApiStub.Status(409, "Conflict", "the object has been modified"));
        using var client = stub.Client();

        var error = await Should.ThrowAsync<ClusterException>(() => client.ReplaceAsync(Kinds.Service, Service("7", "80"), default));

        (error.IsConflict, error.Message).ShouldBe((true, "the object has been modified"));
        stub.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Replace_SecondAttemptConflictsWithTheFirst_IsTheStoredObject()
    {
        // The first attempt was still under way when the object was read, and arrives before the second one.
        var step = 0;
        using var stub = new ApiStub(asked => (step++, asked.Method) switch
        {
            (0, "PUT") => throw new HttpRequestException(HttpRequestError.ResponseEnded),
            (1, "GET") => ApiStub.Json(Service("7", "8080")),
            (2, "PUT") => ApiStub.Status(409, "Conflict", "the object has been modified"),
            (3, "GET") => ApiStub.Json(Service("8", "80", defaults: true)),
            var other => throw new InvalidOperationException(other.ToString()),
        });
        using var client = stub.Client();

        (await client.ReplaceAsync(Kinds.Service, Service("7", "80"), default)).ResourceVersion().ShouldBe("8");
    }

    [Fact]
    public async Task Replace_Throttled_IsSentAgainWithoutReading()
    {
        var throttled = true;
        using var stub = new ApiStub(_ =>
        {
            var answer = throttled ? ApiStub.Json("{}", 429) : ApiStub.Json("{}");
            throttled = false;
            return answer;
        });
        using var client = stub.Client();

        await client.ReplaceAsync(Kinds.Service, Service("7", "80"), default);

        stub.Requests.Select(r => r.Method).ShouldBe(["PUT", "PUT"]);
    }

    [Fact]
    public async Task ReplaceStatus_AnswerLost_ComparesTheWholeStatus()
    {
        var stored = KubeObject.New(Kinds.Canary, "test", "podinfo");
        stored.Metadata()["resourceVersion"] = "8";
        stored["status"] = new JsonObject { ["phase"] = "Progressing", ["theirs"] = 1 };
        var desired = stored.Copy();
        desired.Metadata()["resourceVersion"] = "7";
        desired.Section("status").Remove("theirs");
        using var stub = LostAnswer(stored);
        using var client = stub.Client();

        (await Should.ThrowAsync<ClusterException>(() => client.ReplaceStatusAsync(Kinds.Canary, desired, default))).IsConflict.ShouldBeTrue();

        stub.Lines.ShouldBe(
            ["PUT /apis/flagger.app/v1beta1/namespaces/test/canaries/podinfo/status", "GET /apis/flagger.app/v1beta1/namespaces/test/canaries/podinfo"]);
    }

    [Fact]
    public async Task Create_AnswerLostAndStored_IsTheStoredObject()
    {
        using var stub = LostAnswer(Service("1", "80", defaults: true));
        using var client = stub.Client();

        (await client.CreateAsync(Kinds.Service, Service("", "80"), default)).Uid().ShouldBe("u1");

        stub.Lines.ShouldBe(["POST /api/v1/namespaces/test/services", "GET /api/v1/namespaces/test/services/podinfo"]);
    }

    [Fact]
    public async Task Create_AnswerLostAndNotStored_IsSentAgain()
    {
        using var stub = LostAnswer(null);
        using var client = stub.Client();

        (await client.CreateAsync(Kinds.Service, Service("", "80"), default)).ResourceVersion().ShouldBe("99");
    }

    [Fact]
    public async Task Create_NameIsTaken_IsAlreadyExists()
    {
        using var stub = new ApiStub(_ => ApiStub.Status(409, "AlreadyExists", "services \"podinfo\" already exists"));
        using var client = stub.Client();

        (await Should.ThrowAsync<ClusterException>(() => client.CreateAsync(Kinds.Service, Service("", "80"), default))).IsAlreadyExists.ShouldBeTrue();
        stub.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task MergePatch_AnswerLostAndStored_IsTheStoredObject()
    {
        using var stub = LostAnswer(Service("8", "80"));
        using var client = stub.Client();
        var patch = JsonNode.Parse("""{"metadata":{"resourceVersion":"7"},"spec":{"port":"80","gone":null}}""")!.AsObject();

        (await client.MergePatchAsync(Podinfo, patch, null, default)).ResourceVersion().ShouldBe("8");

        stub.Requests[0].ContentType.ShouldBe("application/merge-patch+json");
    }

    [Fact]
    public async Task MergePatch_WithoutResourceVersion_IsNotSentAgain()
    {
        using var stub = LostAnswer(Service("8", "80"));
        using var client = stub.Client();

        await Should.ThrowAsync<ClusterException>(() => client.MergePatchAsync(Podinfo, new JsonObject { ["spec"] = null }, "scale", default));

        stub.Lines.ShouldBe(["PATCH /api/v1/namespaces/test/services/podinfo/scale"]);
    }

    [Fact]
    public async Task Apply_SaysManagerAndForce()
    {
        using var stub = new ApiStub(_ => ApiStub.Json("{}", 201));
        using var client = stub.Client();

        await client.ApplyAsync(Kinds.Service, Service("", "80"), "canary functions", force: true, default);

        stub.Lines.ShouldBe(["PATCH /api/v1/namespaces/test/services/podinfo?fieldManager=canary%20functions&force=true"]);
        stub.Requests[0].ContentType.ShouldBe("application/apply-patch+yaml");
    }

    [Fact]
    public async Task Delete_SendsPreconditionsInTheBody()
    {
        using var stub = new ApiStub(_ => ApiStub.Json("{}"));
        using var client = stub.Client();

        await client.DeleteAsync(Podinfo, new DeleteOptions("7", "u1", "Background"), default);

        stub.Requests[0].Body!.ToJsonString().ShouldBe(
            """{"apiVersion":"v1","kind":"DeleteOptions","propagationPolicy":"Background","preconditions":{"resourceVersion":"7","uid":"u1"}}""");
    }

    [Fact]
    public async Task Delete_AlreadyGone_IsNoError()
    {
        using var stub = new ApiStub(_ => ApiStub.Status(404, "NotFound", "gone"));
        using var client = stub.Client();

        await client.DeleteAsync(Podinfo, new DeleteOptions(), default);

        stub.Requests.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("7", false)]
    [InlineData("8", true)]
    public async Task Delete_AnswerLostAndStillThere_IsSentAgainUnlessItChanged(string storedVersion, bool conflict)
    {
        using var stub = LostAnswer(Service(storedVersion, "80"));
        using var client = stub.Client();

        var error = await Record.ExceptionAsync(() => client.DeleteAsync(Podinfo, new DeleteOptions("7"), default));

        (error is ClusterException { IsConflict: true }).ShouldBe(conflict);
        stub.Requests.Count(r => r.Method == "DELETE").ShouldBe(conflict ? 1 : 2);
    }

    [Fact]
    public async Task Write_ServerErrorEveryTime_GivesUpWithItsWords()
    {
        using var stub = new ApiStub(asked => asked.Method == "GET"
            ? ApiStub.Json(Service("7", "8080"))
            : ApiStub.Status(500, "InternalError", "failed calling webhook"));
        using var client = stub.Client();

        var error = await Should.ThrowAsync<ClusterException>(() => client.ReplaceAsync(Kinds.Service, Service("7", "80"), default));

        (error.StatusCode, error.Message).ShouldBe((500, "failed calling webhook"));
        stub.Requests.Count(r => r.Method == "PUT").ShouldBe(3);
    }
}
