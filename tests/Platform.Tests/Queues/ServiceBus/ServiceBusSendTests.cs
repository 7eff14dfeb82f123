using System.Globalization;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Platform.Queues;
using CanaryFunctions.Platform.Queues.ServiceBus;
using CanaryFunctions.TestKit.ServiceBus;

namespace CanaryFunctions.Platform.Tests.Queues.ServiceBus;

public sealed class ServiceBusSendTests : ServiceBusTests
{
    [Fact]
    public async Task Send_IsOnTheWireAsTheServiceWantsIt()
    {
        await EnqueueAsync(Open(), "uid-run-4", """{"name":"podinfo"}""");

        var request = Sends.ShouldHaveSingleItem();
        (request.Line, request.Query, request.Body).ShouldBe(("POST /canary-steps/messages", "?api-version=2015-01", """{"name":"podinfo"}"""));
        request.Headers["Content-Type"].ShouldBe("application/json");
        request.Headers["BrokerProperties"].ShouldBe("""{"MessageId":"uid-run-4","TimeToLive":1209600}""");
        request.Headers["Authorization"].ShouldStartWith($"SharedAccessSignature sr=http%3A%2F%2F{StandIn.Address.Host}%3A{StandIn.Address.Port}%2F&sig=");
        request.Headers["Authorization"].ShouldEndWith("&skn=all");
        request.Headers["User-Agent"].ShouldStartWith("canary-functions/");
    }

    [Fact]
    public async Task Send_WithADelay_IsScheduledForAWholeSecondThatIsNotEarlier()
    {
        var due = TimeProvider.System.GetUtcNow().AddMinutes(1);

        await EnqueueAsync(Open(), notBefore: due);

        var message = StandIn.Queue(Steps).Messages.ShouldHaveSingleItem();
        var at = (string)message.Broker["ScheduledEnqueueTimeUtc"]!;
        at.ShouldEndWith(" GMT");
        DateTimeOffset.ParseExact(at, "R", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).ShouldBeInRange(due.AddMilliseconds(250), due.AddSeconds(1.25));
    }

    [Fact]
    public async Task Send_DueAlready_IsNotScheduled()
    {
        await EnqueueAsync(Open(), notBefore: TimeProvider.System.GetUtcNow().AddSeconds(-1));

        StandIn.Queue(Steps).Messages.ShouldHaveSingleItem().Broker.ContainsKey("ScheduledEnqueueTimeUtc").ShouldBeFalse();
    }

    [Fact]
    public async Task Send_MachineClockIsWrong_IsSignedAndScheduledByTheServices()
    {
        var late = new OddClock(TimeSpan.FromHours(-2));

        await EnqueueAsync(Open(time: late), notBefore: late.GetUtcNow().AddSeconds(90));

        Sends.Count().ShouldBe(2, "the first had expired before it was made");
        var due = StandIn.Queue(Steps).Messages.ShouldHaveSingleItem().ScheduledFor!.Value - TimeProvider.System.GetUtcNow();
        due.TotalSeconds.ShouldBeInRange(80, 95);
    }

    [Theory]
    [InlineData(129)]
    [InlineData(5)]
    public async Task Send_IdThatTheServiceWouldRefuse_ComesBackAllTheSame(int length)
    {
        var id = new string('ä', length);
        var queue = Open();
        await EnqueueAsync(queue, id);
        await EnqueueAsync(queue, id);

        (await ReceiveAsync(queue)).Message.Id.ShouldBe(id);
        StandIn.Queue(Steps).Messages.ShouldHaveSingleItem().MessageId.ShouldStartWith("sha256-");
    }

    [Fact]
    public async Task Send_WhileAnotherIsUnderWay_TheRestGoTogether()
    {
        var queue = Open();
        var (first, free) = (new TaskCompletionSource(), new ManualResetEventSlim());
        StandIn.Fault = _ =>
        {
            first.TrySetResult();
            free.Wait(TimeSpan.FromSeconds(10));
            return null;
        };
        List<Task> sending = [EnqueueAsync(queue, "m-0", "{0}")];
        await first.Task;
        sending.AddRange(Enumerable.Range(1, 4).Select(i => EnqueueAsync(queue, $"m-{i}", $$"""{"number":{{i}},"text":"ä\"<"}""")));
        free.Set();
        await Task.WhenAll(sending);

        Sends.Count().ShouldBe(2);
        var batch = Sends.Last();
        batch.Headers["Content-Type"].ShouldBe("application/vnd.microsoft.servicebus.json");
        batch.Headers.Keys.ShouldNotContain("BrokerProperties");
        ((string)JsonNode.Parse(batch.Body)![0]!["BrokerProperties"]!["MessageId"]!).ShouldBe("m-1");
        StandIn.Queue(Steps).Messages.Select(m => (m.MessageId, m.Text)).ShouldBe(
            [("m-0", "{0}"), .. Enumerable.Range(1, 4).Select(i => ($"m-{i}", $$"""{"number":{{i}},"text":"ä\"<"}"""))]);
    }

    [Fact]
    public async Task Send_BatchIsRefused_EachIsTriedByItself()
    {
        var queue = Open();
        var (first, free) = (new TaskCompletionSource(), new ManualResetEventSlim());
        StandIn.Fault = request =>
        {
            first.TrySetResult();
            free.Wait(TimeSpan.FromSeconds(10));
            return request.Body.Contains("bad", StringComparison.Ordinal) ? new StandInFault(400) : null;
        };
        List<Task> sending = [EnqueueAsync(queue, "m-0")];
        await first.Task;
        sending.AddRange([EnqueueAsync(queue, "m-1"), EnqueueAsync(queue, "m-2", "bad"), EnqueueAsync(queue, "m-3")]);
        free.Set();

        (await Should.ThrowAsync<QueueException>(() => Task.WhenAll(sending))).Status.ShouldBe(400);

        sending.Select(s => s.IsCompletedSuccessfully).ShouldBe([true, true, false, true]);
        StandIn.Queue(Steps).Messages.Select(m => m.MessageId).ShouldBe(["m-0", "m-1", "m-3"]);
    }

    [Fact]
    public async Task Send_TooLarge_IsRefusedHereAndTheLargestGoesThrough()
    {
        var queue = Open();

        var error = await Should.ThrowAsync<QueueException>(() => EnqueueAsync(queue, "large", new string('x', (192 * 1024) + 1)));
        error.Message.ShouldBe("Message 'large' for canary-steps has 196609 bytes; at most 196608 are allowed.");
        error.IsTransient.ShouldBeFalse();

        await EnqueueAsync(queue, "largest", new string('"', 192 * 1024));
        StandIn.Queue(Steps).Messages.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Send_QueueIsMissing_SaysWhatToDo()
    {
        var error = await Should.ThrowAsync<QueueException>(() => Open().EnqueueAsync(new QueueMessage("canary-steeps", "m-1", "{}"), CancellationToken.None));

        error.Message.ShouldContain("the Service Bus namespace has no queue 'canary-steeps'; create it with duplicate detection.");
        (error.Status, error.IsTransient).ShouldBe((410, false));
    }

    [Fact]
    public async Task Send_KeyIsWrong_FailsWithoutShowingAnything()
    {
        var error = await Should.ThrowAsync<QueueException>(() => EnqueueAsync(Open(signer: clock => new SasSigner(StandIn.Address, "all", "secret-key", clock))));

        (error.Status, error.IsTransient).ShouldBe((401, false));
        error.Message.ShouldContain("InvalidSignature");
        error.Message.ShouldNotContain("secret");
        error.Message.ShouldNotContain("sig=");
    }

    [Fact]
    public async Task Send_ServiceIsBusy_WaitsAsLongAsItAsks()
    {
        var time = new OddClock(speed: 100);
        var left = 2;
        StandIn.Fault = _ => Interlocked.Decrement(ref left) >= 0 ? new StandInFault(503, RetryAfter: 7) : null;

        await EnqueueAsync(Open(o => o with { Http = new() { Timeout = TimeSpan.FromHours(1) } }, time));

        time.Timers.Count(t => t == TimeSpan.FromSeconds(7)).ShouldBe(2);
        StandIn.Queue(Steps).Messages.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Send_ServiceAsksForTooLong_FailsAtOnceAndSaysHowLong()
    {
        StandIn.Fault = _ => new StandInFault(429, RetryAfter: 300);

        var error = await Should.ThrowAsync<QueueException>(() => EnqueueAsync(Open()));

        (error.Status, error.IsTransient, error.RetryAfter).ShouldBe((429, true, TimeSpan.FromMinutes(5)));
        Sends.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public async Task Send_AnswerIsLost_IsRepeatedOnlyWhereDuplicatesAreDropped(bool duplicateDetection, bool isSent)
    {
        StandIn.Create(Steps, new StandInQueueOptions { DuplicateWindow = duplicateDetection ? TimeSpan.FromMinutes(10) : TimeSpan.Zero });
        var left = 1;
        StandIn.Fault = _ => Interlocked.Decrement(ref left) >= 0 ? new StandInFault(IsDone: true) : null;

        var sending = EnqueueAsync(Open(o => o with { DuplicateDetection = duplicateDetection }));

        if (isSent)
        {
            await sending;
        }
        else
        {
            (await Should.ThrowAsync<QueueException>(sending)).IsTransient.ShouldBeTrue();
        }

        StandIn.Queue(Steps).Messages.ShouldHaveSingleItem("never twice");
    }

    [Theory]
    [InlineData(503, true)]
    [InlineData(429, true)]
    [InlineData(500, false)]
    [InlineData(504, false)]
    public async Task Send_WithoutDuplicateDetection_IsRepeatedWhereNothingWasDone(int status, bool isRepeated)
    {
        StandIn.Fault = _ => new StandInFault(status);

        await Should.ThrowAsync<QueueException>(() => EnqueueAsync(Open(o => o with { DuplicateDetection = false })));

        Sends.Count().ShouldBe(isRepeated ? 4 : 1);
    }
}
