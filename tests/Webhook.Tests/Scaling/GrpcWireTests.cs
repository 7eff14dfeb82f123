using System.Net;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Webhook.Scaling.Grpc;
using CanaryFunctions.Webhook.Scaling.Messages;

namespace CanaryFunctions.Webhook.Tests.Scaling;

/// <summary>contracts/azure-keda.md 4.3, byte by byte.</summary>
public sealed class GrpcWireTests
{
    private static readonly byte[] Reference = [0x0A, 0x02, 0x73, 0x6F, 0x12, 0x02, 0x6E, 0x73, 0x1A, 0x06, 0x0A, 0x01, 0x6B, 0x12, 0x01, 0x76];

    [Fact]
    public async Task Call_Answer_IsOneFrameWithItsStatusInTheTrailers()
    {
        await using var scaler = await RunningScaler.StartAsync();
        scaler.Tell(Works.Canary(CanaryPhase.Progressing));

        var answer = await scaler.Client.CallAsync("IsActive", [0, 0, 0, 0, 16, .. Reference]);

        answer.Http.ShouldBe(HttpStatusCode.OK);
        answer.Raw.Content.Headers.ContentType!.ToString().ShouldBe("application/grpc");
        answer.Raw.Headers.Contains("grpc-status").ShouldBeFalse();
        answer.Raw.TrailingHeaders.GetValues("grpc-status").ShouldBe(["0"]);
        answer.Body.ShouldBe([0, 0, 0, 0, 2, 0x08, 0x01]);
    }

    [Fact]
    public async Task Call_False_IsAFrameWithoutBytes()
    {
        await using var scaler = await RunningScaler.StartAsync();

        var answer = await scaler.Client.CallAsync("IsActive", [0, 0, 0, 0, 16, .. Reference]);

        answer.Body.ShouldBe([0, 0, 0, 0, 0]);
        answer.Status.ShouldBe(0);
    }

    [Fact]
    public async Task Call_Error_ComesInTheHeaders_WithAnEncodedMessage()
    {
        await using var scaler = await RunningScaler.StartAsync(cluster: "größer 100 %");

        var answer = await scaler.Client.CallAsync("IsActive", RunningScaler.Trigger(("cluster", "klein")));

        answer.Http.ShouldBe(HttpStatusCode.OK);
        answer.IsTrailersOnly.ShouldBeTrue();
        answer.Raw.Headers.GetValues("grpc-status").ShouldBe(["3"]);
        answer.Raw.Headers.GetValues("grpc-message").Single().ShouldEndWith("that is 'gr%C3%B6%C3%9Fer 100 %25'.");
    }

    [Theory]
    [InlineData("/externalscaler.ExternalScaler/StreamMetricSpec")]
    [InlineData("/externalscaler.ExternalScaler/isActive")]
    [InlineData("/externalscaler.ExternalScaler/")]
    [InlineData("/other.Service/IsActive")]
    [InlineData("/")]
    public async Task Call_UnknownMethod_IsUnimplemented(string path)
    {
        await using var scaler = await RunningScaler.StartAsync();

        var answer = await scaler.Client.CallAsync(path, GrpcClient.Frame(RunningScaler.Trigger()));

        (answer.Http, answer.Status).ShouldBe((HttpStatusCode.OK, (int)GrpcCode.Unimplemented));
        answer.Message.ShouldContain(path);
    }

    [Theory]
    [InlineData("application/grpc", HttpStatusCode.OK)]
    [InlineData("application/grpc+proto", HttpStatusCode.OK)]
    [InlineData("application/grpc; charset=utf-8", HttpStatusCode.OK)]
    [InlineData("application/grpc+json", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/grpc-web", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/json", HttpStatusCode.UnsupportedMediaType)]
    [InlineData(null, HttpStatusCode.UnsupportedMediaType)]
    public async Task Call_ContentType_MustBeGrpc(string? contentType, HttpStatusCode expected)
    {
        await using var scaler = await RunningScaler.StartAsync();

        (await scaler.Client.CallAsync("IsActive", GrpcClient.Frame(RunningScaler.Trigger()), contentType)).Http.ShouldBe(expected);
    }

    [Fact]
    public async Task Call_OtherHttpMethod_IsRefused()
    {
        await using var scaler = await RunningScaler.StartAsync();
        using var request = GrpcClient.Request("IsActive", new ByteArrayContent([]));
        request.Method = HttpMethod.Put;

        (await scaler.Client.SendAsync(request)).Http.ShouldBe(HttpStatusCode.MethodNotAllowed);
    }

    [Theory]
    [InlineData("", 13, "The request has no message; it must have exactly one.")]
    [InlineData("000000", 13, "The request ended within a message, after 3 bytes.")]
    [InlineData("0000000003 0A02", 13, "The request ended within a message, after 7 bytes.")]
    [InlineData("0000000000 00", 13, "The request has bytes behind its first message; it must have exactly one message.")]
    [InlineData("0000000002 0A00 0000000002 0A00", 13, "The request has bytes behind its first message; it must have exactly one message.")]
    [InlineData("0700000000", 13, "The request's frame begins with 7; it must be 0, or 1 for compressed.")]
    [InlineData("0000000002 0A7F", 13, "The request's message is no ScaledObjectRef: *")]
    [InlineData("0000000001 00", 13, "The request's message is no ScaledObjectRef: *")]
    [InlineData("0100000002 0A00", 12, "The request is compressed; this server takes no compression but 'identity'.")]
    [InlineData("0000040001", 8, "The request's message has 262145 bytes; at most 262144 are taken.")]
    [InlineData("00FFFFFFFF", 8, "The request's message has 4294967295 bytes; at most 262144 are taken.")]
    public async Task Call_BrokenFrames_AreRefusedForTheRightReason(string hex, int code, string message)
    {
        await using var scaler = await RunningScaler.StartAsync();
        var bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

        foreach (var method in new[] { "IsActive", "StreamIsActive" })
        {
            var answer = await scaler.Client.CallAsync(method, bytes);

            answer.Status.ShouldBe(code);
            answer.IsTrailersOnly.ShouldBeTrue();
            (message.EndsWith('*') ? answer.Message.StartsWith(message[..^1], StringComparison.Ordinal) : answer.Message == message).ShouldBeTrue(answer.Message);
            answer.Raw.Headers.TryGetValues("grpc-accept-encoding", out var encodings).ShouldBe(code == (int)GrpcCode.Unimplemented);
            (encodings ?? []).ShouldBe(code == (int)GrpcCode.Unimplemented ? ["identity"] : []);
        }

        (await scaler.IsActiveAsync()).ShouldBeFalse("the server goes on");
    }

    [Fact]
    public async Task Call_LongestMessage_IsTaken()
    {
        await using var scaler = await RunningScaler.StartAsync();
        var trigger = RunningScaler.Trigger(("note", ""));
        trigger.ScalerMetadata["note"] = new string('x', GrpcFrame.MaxMessage - trigger.CalculateSize() - 6);
        trigger.CalculateSize().ShouldBe(GrpcFrame.MaxMessage);

        (await scaler.Client.CallAsync("IsActive", trigger)).Status.ShouldBe(0);
    }

    [Fact]
    public async Task Call_OversizedMessage_IsRefusedWithoutWaitingForIt()
    {
        await using var scaler = await RunningScaler.StartAsync();
        var body = new EndlessContent([0, 0x7F, 0, 0, 0]);
        using var request = GrpcClient.Request("IsActive", body);

        using var response = await scaler.Client.OpenAsync(request);

        response.Headers.GetValues("grpc-status").ShouldBe(["8"]);
        body.End();
    }

    [Fact]
    public async Task Call_MessageInManyPieces_IsPutTogether()
    {
        await using var scaler = await RunningScaler.StartAsync();
        using var request = GrpcClient.Request("GetMetricSpec", new PiecewiseContent(GrpcClient.Frame(RunningScaler.Trigger(("targetSize", "3")))));

        var answer = await scaler.Client.SendAsync(request);

        answer.Single(GetMetricSpecResponse.Parser).MetricSpecs.Single().TargetSize.ShouldBe(3);
    }

    [Fact]
    public async Task Call_MoreStreamsThanKestrelAllowsByItself_LeaveRoomForPolls()
    {
        await using var scaler = await RunningScaler.StartAsync();
        var streams = await Task.WhenAll(Enumerable.Range(0, 150).Select(_ => ActivityStream.OpenAsync(scaler)));

        (await scaler.IsActiveAsync()).ShouldBeFalse();

        foreach (var stream in streams)
        {
            (await stream.NextAsync()).ShouldBe(false);
            stream.Dispose();
        }
    }

    private sealed class PiecewiseContent(byte[] bytes) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            foreach (var octet in bytes)
            {
                await stream.WriteAsync(new[] { octet });
                await stream.FlushAsync();
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    /// <summary>A body that begins and does not end before the test says so.</summary>
    private sealed class EndlessContent(byte[] beginning) : HttpContent
    {
        private readonly TaskCompletionSource _end = new();

        public void End() => _end.TrySetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(beginning);
            await stream.FlushAsync();
            await _end.Task;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
