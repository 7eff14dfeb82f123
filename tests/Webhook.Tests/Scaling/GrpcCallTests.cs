using System.Net;
using CanaryFunctions.Webhook.Scaling;
using CanaryFunctions.Webhook.Scaling.Grpc;
using CanaryFunctions.Webhook.Scaling.Messages;

namespace CanaryFunctions.Webhook.Tests.Scaling;

/// <summary>Deadlines, cancellation, and what goes wrong inside a call.</summary>
public sealed class GrpcCallTests
{
    [Theory]
    [InlineData("1H", 3600)]
    [InlineData("2M", 120)]
    [InlineData("3S", 3)]
    [InlineData("4m", 0.004)]
    [InlineData("5u", 0.000005)]
    [InlineData("600n", 0.0000006)]
    [InlineData("0n", 0)]
    [InlineData("99999999n", 0.0999999)]
    public void Timeout_IsReadInItsUnit(string header, double seconds) => GrpcTimeout.Read(header).ShouldBe(TimeSpan.FromTicks((long)Math.Round(seconds * 1e7, 3)));

    [Theory]
    [InlineData(null)]
    [InlineData("99999999H")]
    [InlineData("1000H")]
    public void Timeout_AbsentOrLongerThanAnyTimer_IsNone(string? header) => GrpcTimeout.Read(header).ShouldBeNull();

    [Theory]
    [InlineData("S")]
    [InlineData("5")]
    [InlineData("5s")]
    [InlineData("-5S")]
    [InlineData("1.5S")]
    [InlineData("123456789S")]
    [InlineData(" 5S")]
    public void Timeout_ThatCannotBeRead_IsRefused(string header)
        => Should.Throw<GrpcException>(() => GrpcTimeout.Read(header)).Message.ShouldBe($"grpc-timeout: '{header}' must be one to eight digits and one of H, M, S, m, u, n.");

    [Theory]
    [InlineData("plain ~ text", "plain ~ text")]
    [InlineData("100%", "100%25")]
    [InlineData("line\nbreak", "line%0Abreak")]
    [InlineData("ü€😀", "%C3%BC%E2%82%AC%F0%9F%98%80")]
    [InlineData("\u007f", "%7F")]
    public void StatusText_KeepsPrintableAsciiOnly(string message, string encoded) => GrpcStatusText.Encode(message).ShouldBe(encoded);

    [Fact]
    public void StatusText_IsBounded() => GrpcStatusText.Encode(new string('ü', 10_000)).Length.ShouldBeLessThan(1100);

    [Fact]
    public async Task Call_PastItsDeadline_EndsWithIt()
    {
        await using var scaler = await RunningScaler.StartAsync();
        scaler.Gauge.Before = ct => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);

        var answer = await scaler.Client.CallAsync("IsActive", RunningScaler.Trigger(), timeout: "50m");

        answer.Status.ShouldBe((int)GrpcCode.DeadlineExceeded);
        answer.Message.ShouldBe("The call took longer than the 50 ms that it was given.");
    }

    [Fact]
    public async Task Call_StreamPastItsDeadline_EndsWithItBehindWhatWasSent()
    {
        await using var scaler = await RunningScaler.StartAsync();

        var answer = await scaler.Client.CallAsync("StreamIsActive", RunningScaler.Trigger(), timeout: "100m");

        answer.Body.ShouldBe([0, 0, 0, 0, 0]);
        answer.Raw.TrailingHeaders.GetValues("grpc-status").ShouldBe(["4"]);
    }

    [Fact]
    public async Task Call_WithTime_IsAnswered()
    {
        await using var scaler = await RunningScaler.StartAsync();

        (await scaler.Client.CallAsync("IsActive", RunningScaler.Trigger(), timeout: "10S")).Status.ShouldBe(0);
        (await scaler.Client.CallAsync("IsActive", RunningScaler.Trigger(), timeout: "soon")).Status.ShouldBe((int)GrpcCode.Internal);
    }

    [Fact]
    public async Task Call_CallerGoesAway_CancelsTheMethod()
    {
        var (entered, cancelled) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var server = await GrpcHost.StartAsync(GrpcMethod.ServerStream<ScaledObjectRef, IsActiveResponse>("/test/Wait", ScaledObjectRef.Parser, async (_, _, ct) =>
        {
            entered.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancelled.SetResult();
            ct.ThrowIfCancellationRequested();
        }));
        using var leave = new CancellationTokenSource();
        using var request = GrpcClient.Request("/test/Wait", new ByteArrayContent(GrpcClient.Frame(new ScaledObjectRef())));

        var call = server.Client.OpenAsync(request, leave.Token);
        await entered.Task.WaitAsync(TimeSpan.FromSeconds(10));
        await leave.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(call);
        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Call_MethodThatFails_TellsTheCallerNothingOfTheReason()
    {
        await using var server = await GrpcHost.StartAsync(GrpcMethod.Unary<ScaledObjectRef, IsActiveResponse>(
            "/test/Fail", ScaledObjectRef.Parser, (_, _) => throw new InvalidOperationException("password=1234")));

        var answer = await server.Client.CallAsync("/test/Fail", new ScaledObjectRef());

        (answer.Http, answer.Status).ShouldBe((HttpStatusCode.OK, (int)GrpcCode.Unknown));
        answer.Message.ShouldBe("The call failed; the server's log has the reason.");
    }

    [Fact]
    public async Task Call_StreamThatFailsLater_SaysSoInTheTrailers()
    {
        await using var server = await GrpcHost.StartAsync(GrpcMethod.ServerStream<ScaledObjectRef, IsActiveResponse>("/test/Late", ScaledObjectRef.Parser, async (_, send, _) =>
        {
            await send(new() { Result = true });
            throw new GrpcException(GrpcCode.Unavailable, "gone");
        }));

        var answer = await server.Client.CallAsync("/test/Late", new ScaledObjectRef());

        answer.Body.ShouldBe([0, 0, 0, 0, 2, 0x08, 0x01]);
        answer.Raw.TrailingHeaders.GetValues("grpc-status").ShouldBe(["14"]);
        answer.Raw.TrailingHeaders.GetValues("grpc-message").ShouldBe(["gone"]);
    }

    [Fact]
    public async Task Tls_ServesHttp2ByTheGivenCertificate()
    {
        using var certificate = Certificates.SelfSigned();
        var options = new ScalerOptions { UseTls = true };
        await using var server = new ScalerServer(options, new() { Certificate = () => certificate }, "", TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance);
        await server.StartAsync(CancellationToken.None);
        server.Address.Scheme.ShouldBe("https");
        var shown = "";
        using var client = new GrpcClient(server.Address, new SocketsHttpHandler
        {
            UseProxy = false,
            SslOptions = new() { RemoteCertificateValidationCallback = (_, shownByServer, _, _) => (shown = shownByServer!.Subject).Length > 0 },
        });

        (await client.CallAsync("IsActive", RunningScaler.Trigger())).Status.ShouldBe((int)GrpcCode.Unavailable);
        shown.ShouldBe(certificate.Subject);
    }
}
