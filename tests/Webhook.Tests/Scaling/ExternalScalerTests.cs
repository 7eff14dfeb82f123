using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.TestKit;
using CanaryFunctions.Webhook.Scaling;
using CanaryFunctions.Webhook.Scaling.Grpc;
using CanaryFunctions.Webhook.Scaling.Messages;
using Messages = CanaryFunctions.Webhook.Scaling.Messages;

namespace CanaryFunctions.Webhook.Tests.Scaling;

/// <summary>The four calls, as KEDA makes them.</summary>
public sealed class ExternalScalerTests
{
    private static readonly (string, string)[] AsKedaSendsThem = [("scalerAddress", "canary-scaler.flagger-system:9090"), ("enableTLS", "true"), ("unsafeSsl", "false"), ("caCert", "x")];

    [Fact]
    public async Task IsActive_BetweenReleases_IsFalse_AndTrueWhileOneRuns()
    {
        await using var scaler = await RunningScaler.StartAsync();
        scaler.Tell(Works.Canary(CanaryPhase.Succeeded));
        (await scaler.IsActiveAsync(AsKedaSendsThem)).ShouldBeFalse();

        scaler.Tell(Works.Canary(CanaryPhase.Progressing, new() { NextStepAt = TimeProvider.System.GetUtcNow().AddMinutes(1) }));
        (await scaler.IsActiveAsync()).ShouldBeTrue("a release that waits for its next step runs");
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(0, 1)]
    public async Task IsActive_QueueWithMessages_IsTrue(long steps, long notices)
    {
        await using var scaler = await RunningScaler.StartAsync();
        scaler.Gauge.Backlog = new(steps, notices);

        (await scaler.IsActiveAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task IsActive_UndeliveredNotice_IsTrue()
    {
        await using var scaler = await RunningScaler.StartAsync();
        scaler.Tell(Works.Canary(CanaryPhase.Succeeded, Works.Telling(1)));

        (await scaler.IsActiveAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task Calls_BeforeTheListsAreRead_AreUnavailable_AndNeverFalse()
    {
        await using var scaler = await RunningScaler.StartAsync(isSynced: false);

        await ShouldBeUnavailableAsync(scaler, "The lists of Canaries and Deployments are not read yet.");
        (await scaler.Client.CallAsync("StreamIsActive", RunningScaler.Trigger())).Status.ShouldBe((int)GrpcCode.Unavailable);
        (await scaler.Client.CallAsync("GetMetricSpec", RunningScaler.Trigger())).Status.ShouldBe(0, "that does not depend on them");
    }

    [Fact]
    public async Task Calls_QueueThatCannotBeRead_AreUnavailable_ButWhatIsKnownToRunIsTrue()
    {
        await using var scaler = await RunningScaler.StartAsync();
        scaler.Gauge.Before = _ => throw new IOException("connection refused");
        await ShouldBeUnavailableAsync(scaler, "The queues cannot be read: connection refused");

        scaler.Tell(Works.Canary(CanaryPhase.Promoting));
        (await scaler.IsActiveAsync()).ShouldBeTrue();
        var amount = await scaler.Client.CallAsync("GetMetrics", new GetMetricsRequest { ScaledObjectRef = RunningScaler.Trigger(), MetricName = "canary-work" });
        amount.Status.ShouldBe((int)GrpcCode.Unavailable, "how much there is cannot be known");
    }

    [Fact]
    public async Task Calls_QueueThatHangs_AreUnavailableInTime()
    {
        await using var scaler = await RunningScaler.StartAsync(options: new() { GaugeLife = TimeSpan.Zero, GaugeLimit = TimeSpan.FromMilliseconds(50) });
        scaler.Gauge.Before = _ => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, CancellationToken.None);

        await ShouldBeUnavailableAsync(scaler, "The queues cannot be read: no answer within 0.05 s");
    }

    [Fact]
    public async Task Calls_ClusterOutOfReach_AreUnavailable_ButWhatIsKnownToRunIsTrue()
    {
        string? problem = "no answer of the API server for 00:03:00";
        await using var scaler = await RunningScaler.StartAsync(indexProblem: () => problem);
        await ShouldBeUnavailableAsync(scaler, "What is known of the cluster may be out of date: no answer of the API server for 00:03:00");

        scaler.Tell(Works.Canary(CanaryPhase.Progressing));
        (await scaler.IsActiveAsync()).ShouldBeTrue();
        scaler.Tell(Works.Canary(CanaryPhase.Succeeded));
        problem = null;
        (await scaler.IsActiveAsync()).ShouldBeFalse();
    }

    [Fact]
    public async Task GetMetricSpec_NamesOneMetric_WithBothSizes()
    {
        await using var scaler = await RunningScaler.StartAsync();

        var given = await SpecAsync(scaler, ("targetSize", "2.5"));
        var standard = await SpecAsync(scaler);

        (given.MetricName, given.TargetSize, given.TargetSizeFloat).ShouldBe(("canary-work", 3L, 2.5));
        (standard.TargetSize, standard.TargetSizeFloat).ShouldBe((10L, 10.0));
    }

    [Fact]
    public async Task GetMetrics_CountsStepsOnce_AndEveryNotice()
    {
        var due = TimeProvider.System.GetUtcNow().AddSeconds(-1);
        await using var scaler = await RunningScaler.StartAsync();
        scaler.Tell(Works.Canary(CanaryPhase.Progressing, new() { NextStepAt = due }, "a"));
        scaler.Tell(Works.Canary(CanaryPhase.Progressing, new() { NextStepAt = due }, "b"));
        scaler.Tell(Works.Canary(CanaryPhase.Progressing, new() { NextStepAt = due.AddMinutes(1) }, "waits"));
        scaler.Tell(Works.Canary(CanaryPhase.Succeeded, Works.Telling(3), "tells", "other"));

        (await scaler.AmountAsync()).ShouldBe(2 + 3);
        scaler.Gauge.Backlog = new(Steps: 1, Notices: 0);
        (await scaler.AmountAsync()).ShouldBe(2 + 3, "the message is one of the two steps");
        scaler.Gauge.Backlog = new(Steps: 7, Notices: 4);
        (await scaler.AmountAsync()).ShouldBe(7 + 3 + 4);
        (await scaler.AmountAsync(("namespaces", "other"))).ShouldBe(7 + 3 + 4, "queues are not by namespace");
        scaler.Gauge.Backlog = QueueBacklog.None;
        (await scaler.AmountAsync(("namespaces", "other, none"))).ShouldBe(3);
    }

    [Theory]
    [InlineData("canary-work", 0)]
    [InlineData("Canary-Work", 0)]
    [InlineData("s0-canary-work", 5)]
    [InlineData("", 5)]
    public async Task GetMetrics_Name_IsOursInAnyCase(string name, int status)
    {
        await using var scaler = await RunningScaler.StartAsync();

        (await scaler.Client.CallAsync("GetMetrics", new GetMetricsRequest { ScaledObjectRef = RunningScaler.Trigger(), MetricName = name })).Status.ShouldBe(status);
    }

    [Theory]
    [InlineData("targetSize", "0", "targetSize: '0' must be a number from 1 to 10000.")]
    [InlineData("targetSize", "many", "targetSize: 'many' must be a number from 1 to 10000.")]
    [InlineData("targetSize", "NaN", "targetSize: 'NaN' must be a number from 1 to 10000.")]
    [InlineData("targetSize", "10001", "targetSize: '10001' must be a number from 1 to 10000.")]
    [InlineData("targetsize", "5", "targetsize: '5' is under a key that nobody reads; did you mean targetSize?")]
    [InlineData("namespace", "test", "namespace: 'test' is under a key that nobody reads; did you mean namespaces?")]
    [InlineData("namespaces", "a,B", "namespaces: 'B' is no namespace; give names of lower case letters, digits and -, with commas between them.")]
    [InlineData("cluster", "east", "cluster: 'east' is not the cluster that this scaler watches; that is 'west'.")]
    public async Task Calls_MetadataThatCannotBeUsed_AreRefused(string key, string value, string problem)
    {
        await using var scaler = await RunningScaler.StartAsync(cluster: "west");

        foreach (var method in new[] { "IsActive", "StreamIsActive", "GetMetricSpec" })
        {
            var answer = await scaler.Client.CallAsync(method, RunningScaler.Trigger((key, value)));
            answer.Status.ShouldBe((int)GrpcCode.InvalidArgument);
            answer.Message.ShouldBe($"ScaledObject canary-functions.flagger-system, metadata of the trigger: {problem}");
        }
    }

    [Fact]
    public async Task Calls_AllProblems_AreToldAtOnce_AndForeignKeysAreNone()
    {
        await using var scaler = await RunningScaler.StartAsync(cluster: "west");

        var answer = await scaler.Client.CallAsync("IsActive", RunningScaler.Trigger(("targetSize", "-1"), ("namespaces", "A"), ("somebodysKey", "x")));

        answer.Message.ShouldContain("targetSize: '-1'");
        answer.Message.ShouldContain("namespaces: 'A'");
        answer.Message.ShouldNotContain("somebodysKey");
        (await scaler.IsActiveAsync(("cluster", "west"), ("targetSize", ""), ("somebodysKey", "x"))).ShouldBeFalse();
    }

    [Fact]
    public async Task Replicas_ToldTheSame_AnswerTheSame()
    {
        await using var first = await RunningScaler.StartAsync();
        await using var second = await RunningScaler.StartAsync();
        JsonObject[] objects = [Works.Canary(CanaryPhase.Succeeded), Reviews.Deployment("podinfo:2", generation: 2)];

        // The second was never called by admission; a watch tells it in its own order.
        Array.ForEach(objects, first.Tell);
        Array.ForEach([.. objects.Reverse()], second.Tell);

        (await first.IsActiveAsync()).ShouldBeTrue();
        (await second.IsActiveAsync()).ShouldBeTrue();
        (await second.AmountAsync()).ShouldBe(await first.AmountAsync());
    }

    [Fact]
    public async Task Hint_IsWorkUntilItIsForgotten_AndAScheduledMessageIsNone()
    {
        var clock = new FakeClock();
        await using var scaler = await RunningScaler.StartAsync(time: clock);
        var queue = scaler.Server.Hinting(new FakeQueue(clock));

        await queue.EnqueueAsync(new(QueueNames.Steps, "later", "{}", clock.GetUtcNow().AddSeconds(1)), CancellationToken.None);
        (await scaler.IsActiveAsync()).ShouldBeFalse();

        await queue.EnqueueAsync(new(QueueNames.Steps, "now", "{}"), CancellationToken.None);
        (await scaler.IsActiveAsync()).ShouldBeTrue();
        (await scaler.AmountAsync()).ShouldBe(1);
        clock.Advance(TimeSpan.FromSeconds(45));
        (await scaler.IsActiveAsync()).ShouldBeFalse();
    }

    [Fact]
    public async Task Hint_ThatTheQueueRefuses_IsNoWork()
    {
        await using var scaler = await RunningScaler.StartAsync();
        var queue = scaler.Server.Hinting(new FakeQueue(TimeProvider.System) { BeforeEnqueue = _ => throw new IOException("refused") });

        await Should.ThrowAsync<IOException>(() => queue.EnqueueAsync(new(QueueNames.Steps, "now", "{}"), CancellationToken.None));

        (await scaler.IsActiveAsync()).ShouldBeFalse();
    }

    private static async Task<Messages.MetricSpec> SpecAsync(RunningScaler scaler, params (string, string)[] metadata)
        => (await scaler.Client.CallAsync("GetMetricSpec", RunningScaler.Trigger(metadata))).Single(GetMetricSpecResponse.Parser).MetricSpecs.ShouldHaveSingleItem();

    private static async Task ShouldBeUnavailableAsync(RunningScaler scaler, string message)
    {
        var active = await scaler.Client.CallAsync("IsActive", RunningScaler.Trigger());
        var amount = await scaler.Client.CallAsync("GetMetrics", new GetMetricsRequest { ScaledObjectRef = RunningScaler.Trigger(), MetricName = "canary-work" });
        foreach (var answer in new[] { active, amount })
        {
            answer.Status.ShouldBe((int)GrpcCode.Unavailable);
            answer.Message.ShouldBe(message);
        }
    }
}
