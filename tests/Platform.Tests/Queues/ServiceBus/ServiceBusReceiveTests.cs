using Azure.Core;
using CanaryFunctions.Platform.Queues;
using CanaryFunctions.Platform.Queues.Credentials;
using CanaryFunctions.Platform.Queues.Rest;
using CanaryFunctions.Platform.Queues.ServiceBus;
using CanaryFunctions.TestKit.ServiceBus;

namespace CanaryFunctions.Platform.Tests.Queues.ServiceBus;

public sealed class ServiceBusReceiveTests : ServiceBusTests
{
    [Fact]
    public async Task Poison_KeepsIdReasonAndCount()
    {
        var queue = Open();
        await EnqueueAsync(queue, "m-1", """{"name":"podinfo"}""");
        for (var i = 0; i < 3; i++)
        {
            await (await ReceiveAsync(queue)).AbandonAsync(TimeSpan.Zero, "Value \"x\\y\" of line\n2 is ü wrong");
        }

        var poison = StandIn.Queue(PoisonQueue.For(Steps)).Messages.ShouldHaveSingleItem();
        poison.Text.ShouldBe("""{"name":"podinfo"}""");
        poison.Properties["canary-reason"].ShouldBe("\"Value  x y  of line 2 is   wrong\"");
        (poison.Properties["canary-id"], poison.Properties["canary-deliveries"]).ShouldBe(("\"m-1\"", "3"));
        poison.Broker.ContainsKey("TimeToLive").ShouldBeFalse("it waits for a person");
        StandIn.Queue(Steps).Messages.ShouldBeEmpty();
    }

    [Fact]
    public async Task Receiver_DiesEachTime_TheMessageIsPoisonAtLast()
    {
        StandIn.Create(Steps, new StandInQueueOptions { LockDuration = TimeSpan.FromSeconds(1) });
        var queue = Open(o => o with { RenewFor = TimeSpan.Zero });
        await EnqueueAsync(queue, "m-1");
        for (var i = 1; i <= 3; i++)
        {
            (await ReceiveAsync(queue)).DeliveryCount.ShouldBe(i);
        }

        var next = ReceiveAsync(queue);
        while (StandIn.Queue(PoisonQueue.For(Steps)).Messages.Count == 0)
        {
            await Task.WhenAny(next, Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System));
            next.IsCompleted.ShouldBeFalse("nobody is given it a fourth time");
        }

        await EnqueueAsync(queue, "m-2");
        (await next).Message.Id.ShouldBe("m-2");
        StandIn.Queue(PoisonQueue.For(Steps)).Messages.ShouldHaveSingleItem().Properties["canary-reason"].ShouldBe("\"not settled in time\"");
    }

    [Fact]
    public async Task Abandon_CopyCannotBeSent_ComesAgainAtOnceInstead()
    {
        var queue = Open();
        await EnqueueAsync(queue, "m-1");
        var lease = await ReceiveAsync(queue);
        StandIn.Fault = request => request.Line.EndsWith("/messages", StringComparison.Ordinal) ? new StandInFault(400) : null;

        (await lease.AbandonAsync(TimeSpan.FromMinutes(1))).ShouldBeTrue();

        var again = await ReceiveAsync(queue);
        (again.Message.Id, again.DeliveryCount).ShouldBe(("m-1", 2));
    }

    [Fact]
    public async Task Poison_CannotBeSent_TheMessageStays()
    {
        var queue = Open(o => o with { MaxDeliveries = 1 });
        await EnqueueAsync(queue, "m-1");
        var lease = await ReceiveAsync(queue);
        StandIn.Fault = request => request.Line.Contains("-poison/", StringComparison.Ordinal) ? new StandInFault(400) : null;

        (await lease.AbandonAsync(TimeSpan.Zero, "broken")).ShouldBeTrue("it is not among the dead");

        StandIn.Queue(Steps).Messages.ShouldHaveSingleItem().LockToken.ShouldBeNull();
    }

    [Fact]
    public async Task Receive_ServiceDeliversEarly_HoldsTheMessageUntilItIsDue()
    {
        // This machine's clock is a little behind, which whole-second dates cannot show.
        var late = new OddClock(TimeSpan.FromSeconds(-3.5));
        var queue = Open(time: late);
        var due = late.GetUtcNow().AddSeconds(1.5);
        await EnqueueAsync(queue, notBefore: due);

        var lease = await ReceiveAsync(queue);

        late.GetUtcNow().ShouldBeGreaterThanOrEqualTo(due);
        lease.Message.NotBefore!.Value.ShouldBe(due, TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public async Task Receive_OtherSendersMessage_IsReadToo()
    {
        // As the portal or another library sends it: no properties of ours.
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(StandIn.Address, $"{Steps}/messages")) { Content = new StringContent("""{"a":1}""") };
        var clock = new ServerClock(TimeProvider.System);
        await new SasSigner(StandIn.Address, "sender", "s+/=key", clock).SignAsync(request, CancellationToken.None);
        request.Headers.Add("BrokerProperties", """{"MessageId":"theirs","Label":"x"}""");
        (await http.SendAsync(request)).EnsureSuccessStatusCode();

        var lease = await ReceiveAsync(Open());

        (lease.Message.Id, lease.Message.Body, lease.Message.NotBefore, lease.DeliveryCount).ShouldBe(("theirs", """{"a":1}""", null, 1));
    }

    [Fact]
    public async Task EntraToken_IsSentUntilItIsRefusedOrOld_ThenAnother()
    {
        var (tokens, time) = (new Tokens(), TimeProvider.System);
        StandIn.Allow("token-1");
        var queue = Open(signer: _ => new EntraSigner(tokens, "https://servicebus.azure.net/.default", time));

        await EnqueueAsync(queue, "m-1");
        await EnqueueAsync(queue, "m-2");
        Sends.Select(s => s.Headers["Authorization"]).ShouldBe(["Bearer token-1", "Bearer token-1"]);
        tokens.Scopes.ShouldBe(["https://servicebus.azure.net/.default"]);

        StandIn.Revoke("token-1");
        StandIn.Allow("token-2");
        await EnqueueAsync(queue, "m-3");
        Sends.Last().Headers["Authorization"].ShouldBe("Bearer token-2");

        tokens.Life = TimeSpan.FromMinutes(4);
        StandIn.Revoke("token-2");
        StandIn.Allow("token-3");
        StandIn.Allow("token-4");
        await EnqueueAsync(queue, "m-4");
        await EnqueueAsync(queue, "m-5");
        Sends.TakeLast(2).Select(s => s.Headers["Authorization"]).ShouldBe(["Bearer token-3", "Bearer token-4"], "one that ends within five minutes is not kept");
        StandIn.Queue(Steps).Messages.Count.ShouldBe(5);
    }

    [Fact]
    public async Task EntraToken_CannotBeHad_IsAPassingError()
    {
        var error = await Should.ThrowAsync<QueueException>(() => EnqueueAsync(Open(o => o with { Http = new() { Attempts = 1 } }, signer: _ => new EntraSigner(new Tokens { Fails = true }, "scope", TimeProvider.System))));

        error.IsTransient.ShouldBeTrue();
        error.Message.ShouldBe("No token for scope: the identity service is down");
    }

    private sealed class Tokens : TokenCredential
    {
        public List<string> Scopes { get; } = [];

        public TimeSpan Life { get; set; } = TimeSpan.FromHours(1);

        public bool Fails { get; init; }

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Scopes.AddRange(requestContext.Scopes);
            return Fails
                ? throw new Azure.Identity.AuthenticationFailedException("the identity service is down\nand here are many lines more")
                : new($"token-{Scopes.Count}", TimeProvider.System.GetUtcNow() + Life);
        }

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => new(GetToken(requestContext, cancellationToken));
    }
}
