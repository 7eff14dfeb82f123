using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.TestKit;
using CanaryFunctions.TestKit.Programs;
using CanaryFunctions.Webhook.Scaling;
using Microsoft.Extensions.Logging.Abstractions;

namespace CanaryFunctions.Webhook.Tests.Scaling.Foreign;

/// <summary>The contract as a client understands it that shares no line with us.</summary>
public sealed class ForeignClientTests
{
    [ProgramFact(ForeignClient.Program)]
    public async Task AllFourCalls_AreUnderstood()
    {
        await using var scaler = await RunningScaler.StartAsync();
        await using var client = ForeignClient.Start(scaler.Server.Address);
        var trigger = ForeignClient.Trigger(("scalerAddress", "canary-scaler:9090"), ("targetSize", "2.5"));
        (await client.CallAsync("IsActive", trigger.Copy())).At("reply", "result").Flag().ShouldBe(false);
        scaler.Tell(Works.Canary(CanaryPhase.Progressing, Works.Telling(3)));

        var active = await client.CallAsync("IsActive", trigger.Copy());
        var spec = await client.CallAsync("GetMetricSpec", trigger.Copy());
        var metrics = await client.CallAsync("GetMetrics", new() { ["scaledObjectRef"] = trigger.Copy(), ["metricName"] = "canary-work" });
        var stream = client.Open(trigger.Copy());

        active.At("reply", "result").Flag().ShouldBe(true);
        spec.ListAt("reply", "metricSpecs").Single().ToJsonString().ShouldBe("""{"metricName":"canary-work","targetSize":3,"targetSizeFloat":2.5}""");
        metrics.ListAt("reply", "metricValues").Single().ToJsonString().ShouldBe("""{"metricName":"canary-work","metricValue":3,"metricValueFloat":3}""");
        (await client.NextAsync(stream)).At("reply", "result").Flag().ShouldBe(true);
    }

    [ProgramFact(ForeignClient.Program)]
    public async Task Stream_IsPushed_Cancelled_AndEndedByTheServer()
    {
        var scaler = await RunningScaler.StartAsync();
        await using var client = ForeignClient.Start(scaler.Server.Address);
        var (left, stayed) = (client.Open(ForeignClient.Trigger()), client.Open(ForeignClient.Trigger()));
        (await client.NextAsync(left)).At("reply", "result").Flag().ShouldBe(false);
        (await client.NextAsync(stayed)).At("reply", "result").Flag().ShouldBe(false);

        client.Send("cancel", new() { ["of"] = left });
        (await client.NextAsync(left)).Integer("code").ShouldBe(1, "CANCELLED");
        await scaler.Server.Hinting(new FakeQueue(TimeProvider.System)).EnqueueAsync(new(QueueNames.Steps, "hint", "{}"), CancellationToken.None);
        (await client.NextAsync(stayed)).At("reply", "result").Flag().ShouldBe(true);

        await scaler.DisposeAsync();
        (await client.NextAsync(stayed)).Integer("code").ShouldBe(0);
    }

    [ProgramFact(ForeignClient.Program)]
    public async Task Stream_ManyOnOneConnection_LeavePollsTheirPlace()
    {
        await using var scaler = await RunningScaler.StartAsync();
        await using var client = ForeignClient.Start(scaler.Server.Address);
        var streams = Enumerable.Range(0, 150).Select(_ => client.Open(ForeignClient.Trigger())).ToList();

        (await client.CallAsync("IsActive", ForeignClient.Trigger(), deadline: 5_000)).Integer("code").ShouldBe(0);

        scaler.Tell(Works.Canary(CanaryPhase.Progressing));
        foreach (var stream in streams)
        {
            while ((await client.NextAsync(stream)).At("reply", "result").Flag() != true)
            {
                // The state at the opening.
            }
        }
    }

    [ProgramFact(ForeignClient.Program)]
    public async Task Deadlines_EndCallsAndStreams()
    {
        await using var scaler = await RunningScaler.StartAsync();
        await using var client = ForeignClient.Start(scaler.Server.Address);
        (await client.CallAsync("IsActive", ForeignClient.Trigger(), deadline: 5_000)).Integer("code").ShouldBe(0);
        scaler.Gauge.Before = ct => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);

        (await client.CallAsync("IsActive", ForeignClient.Trigger(), deadline: 200)).Integer("code").ShouldBe(4, "DEADLINE_EXCEEDED");

        scaler.Tell(Works.Canary(CanaryPhase.Progressing));
        var stream = client.Open(ForeignClient.Trigger(), deadline: 500);
        (await client.NextAsync(stream)).At("reply", "result").Flag().ShouldBe(true);
        (await client.NextAsync(stream)).Integer("code").ShouldBe(4);
    }

    [ProgramFact(ForeignClient.Program)]
    public async Task Refusals_HaveTheirCodesAndReasons()
    {
        await using var scaler = await RunningScaler.StartAsync(isSynced: false, cluster: "größer 100 %");
        await using var client = ForeignClient.Start(scaler.Server.Address);

        var unready = await client.CallAsync("IsActive", ForeignClient.Trigger());
        var invalid = await client.CallAsync("IsActive", ForeignClient.Trigger(("cluster", "klein")));
        var oversized = await client.CallAsync("IsActive", ForeignClient.Trigger(("note", new string('x', 300_000))));
        var unknown = await client.AskAsync("unknown", new() { ["path"] = "/externalscaler.ExternalScaler/StreamMetricSpec" });
        var stranger = await client.AskAsync("unknown", new() { ["path"] = "/grpc.health.v1.Health/Check" });
        var zipped = await client.CallAsync("IsActive", ForeignClient.Trigger(), zip: true);
        var empty = client.Open(ForeignClient.Trigger(("targetSize", "0")));

        (unready.Integer("code"), unready.Text("details")).ShouldBe((14, "The lists of Canaries and Deployments are not read yet."));
        invalid.Integer("code").ShouldBe(3);
        invalid.Text("details")!.ShouldEndWith("that is 'größer 100 %'.");
        (oversized.Integer("code"), oversized.Text("details")!.StartsWith("The request's message has 300", StringComparison.Ordinal)).ShouldBe((8, true));
        (unknown.Integer("code"), stranger.Integer("code"), zipped.Integer("code")).ShouldBe((12, 12, 12));
        zipped.Text("details").ShouldBe("The request is compressed; this server takes no compression but 'identity'.");
        (await client.NextAsync(empty)).Integer("code").ShouldBe(3);
    }

    [ProgramFact(ForeignClient.Program)]
    public async Task BrokenFrames_EndWithAStatus_AndTheServerGoesOn()
    {
        await using var scaler = await RunningScaler.StartAsync();
        await using var client = ForeignClient.Start(scaler.Server.Address);

        (await RawAsync(client, "00000000020A00")).ShouldBe("0 in trailers, body 0000000000");
        (await RawAsync(client, "00", "0000", "0002", "0A", "00")).ShouldBe("0 in trailers, body 0000000000", "one message in five DATA frames");
        (await RawAsync(client)).ShouldBe("13 in headers");
        (await RawAsync(client, "000000")).ShouldBe("13 in headers");
        (await RawAsync(client, "0000000005", "0A00")).ShouldBe("13 in headers");
        (await RawAsync(client, "00000000020A0000000000020A00")).ShouldBe("13 in headers");
        (await RawAsync(client, "09FFFFFFFFFF")).ShouldBe("13 in headers");
        (await RawAsync(client, "00FFFFFFFF")).ShouldBe("8 in headers");
        (await RawAsync(client, "01000000020A00")).ShouldBe("12 in headers, takes identity");

        var broken = await client.AskAsync("raw", new() { ["pieces"] = new JsonArray("0000000010"), ["reset"] = true });
        broken.Integer("rst").ShouldBe(8, "our own CANCEL");
        var wrongType = await client.AskAsync("raw", new() { ["pieces"] = new JsonArray("0000000000"), ["headers"] = new JsonObject { ["content-type"] = "application/json" } });
        wrongType.At("headers", ":status").Integer().ShouldBe(415);
        (await client.CallAsync("IsActive", ForeignClient.Trigger())).Integer("code").ShouldBe(0);
    }

    [ProgramFact(ForeignClient.Program)]
    public async Task Pings_AreAnsweredAndSent()
    {
        await using var scaler = await RunningScaler.StartAsync(options: new() { PingDelay = TimeSpan.FromSeconds(1) });
        await using var client = ForeignClient.Start(scaler.Server.Address);

        var ping = client.Send("ping", []);

        (await client.NextAsync(ping)).Flag("answered").ShouldBe(true);
        (await client.NextAsync(ping)).Flag("asked").ShouldBe(true, "the server asks a silent connection");
    }

    [ProgramFact(ForeignClient.Program)]
    public async Task Tls_IsServedByTheCertificateThatIsTrusted()
    {
        using var certificate = Certificates.SelfSigned();
        var roots = Path.GetTempFileName();
        await File.WriteAllTextAsync(roots, certificate.ExportCertificatePem());
        await using var server = new ScalerServer(new() { UseTls = true }, new() { Certificate = () => certificate }, "", TimeProvider.System, NullLoggerFactory.Instance);
        await server.StartAsync(CancellationToken.None);
        try
        {
            await using var client = ForeignClient.Start(server.Address, roots);
            (await client.CallAsync("GetMetricSpec", ForeignClient.Trigger())).Integer("code").ShouldBe(0);
        }
        finally
        {
            File.Delete(roots);
        }
    }

    /// <summary>In short what came back, whose form must be right.</summary>
    private static async Task<string> RawAsync(ForeignClient client, params string[] pieces)
    {
        var answer = await client.AskAsync("raw", new() { ["pieces"] = new JsonArray([.. pieces.Select(p => (JsonNode)p)]) });
        answer.At("headers", ":status").Integer().ShouldBe(200);
        answer.Text("headers", "content-type").ShouldBe("application/grpc");
        var inHeaders = answer.Text("headers", "grpc-status");
        answer.Text("headers", "content-length").ShouldBe(inHeaders is null ? null : "0", "only where nothing follows");
        answer.Flag("endsWithHeaders").ShouldBe(inHeaders is not null, "a status in the headers is the end of the stream");
        var encodings = answer.Text("headers", "grpc-accept-encoding") is { } taken ? $", takes {taken}" : "";
        return inHeaders is not null ? $"{inHeaders} in headers{encodings}" : $"{answer.Text("trailers", "grpc-status")} in trailers, body {answer.Text("body")}";
    }
}
