using System.Net;
using System.Text;
using CanaryFunctions.Platform.Queues.ServiceBus;
using CanaryFunctions.TestKit;
using CanaryFunctions.TestKit.ServiceBus;

namespace CanaryFunctions.Platform.Tests.Queues.ServiceBus;

/// <summary>The stand-in is no softer than the service: what these requests get is what the documentation says.</summary>
public sealed class StandInTests : IAsyncLifetime
{
    private const string Batch = "application/vnd.microsoft.servicebus.json";

    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false });

    private readonly FakeClock _clock = new();
    private ServiceBusStandIn _standIn = null!;

    public async Task InitializeAsync()
    {
        _standIn = await ServiceBusStandIn.StartAsync(_clock, new("all", "key", "Send", "Listen"), new("sender", "key", "Send"));
        _standIn.Create("q", new StandInQueueOptions { MaxDeliveryCount = 2, DeadLetterOnExpiration = true });
    }

    public async Task DisposeAsync() => await _standIn.DisposeAsync();

    private async Task<HttpResponseMessage> AskAsync(
        HttpMethod method, string path, string body = "", Dictionary<string, string>? headers = null, string? authorization = null, string? type = null, Uri? absolute = null)
    {
        using var request = new HttpRequestMessage(method, absolute ?? new Uri(_standIn.Address, path));
        if (method != HttpMethod.Delete)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        foreach (var (name, value) in headers ?? new() { ["BrokerProperties"] = """{"MessageId":"m"}""" })
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        request.Headers.TryAddWithoutValidation("Authorization", authorization ?? SasSigner.Make(_standIn.Address, "all", "key", _clock.GetUtcNow().AddHours(1)));
        return await Http.SendAsync(request);
    }

    private async Task<int> StatusAsync(HttpMethod method, string path, string body = "", Dictionary<string, string>? headers = null, string? authorization = null, string? type = null)
        => (int)(await AskAsync(method, path, body, headers, authorization, type)).StatusCode;

    public static TheoryData<string, string, string?, int> Sends => new()
    {
        { "BrokerProperties", """{"MessageId":"m"}""", null, 201 },
        { "BrokerProperties", """{"MessageId":"m","Unknown":1,"TimeToLive":0.5}""", null, 201 },
        { "BrokerProperties", """{"MessageId":"m" """, null, 400 },
        { "BrokerProperties", """["m"]""", null, 400 },
        { "BrokerProperties", $$"""{"MessageId":"{{new string('m', 129)}}"}""", null, 400 },
        { "BrokerProperties", """{"MessageId":7}""", null, 400 },
        { "BrokerProperties", """{"MessageId":"m","ScheduledEnqueueTimeUtc":"2026-11-21T03:00:00Z"}""", null, 400 },
        { "BrokerProperties", """{"MessageId":"m","ScheduledEnqueueTimeUtc":"Sat, 21 Nov 2026 03:00:00 GMT"}""", null, 201 },
        { "BrokerProperties", """{"MessageId":"m","TimeToLive":0}""", null, 400 },
        { "BrokerProperties", """{"MessageId":"m","TimeToLive":"60"}""", null, 400 },
        { "BrokerProperties", """{"MessageId":"m","SessionId":"a","PartitionKey":"b"}""", null, 400 },
        { "kind", "\"created\"", null, 201 },
        { "kind", "3.5", null, 201 },
        { "kind", "true", null, 201 },
        { "kind", "created", null, 400 },
        { "kind", "\"a\\b\"", null, 400 },
        { "body", """[{"Body":"x","BrokerProperties":{"MessageId":"m"},"UserProperties":{"n":1}}]""", Batch, 201 },
        { "body", """[{"Body":"x","BrokerProperties":{"MessageId":"m"}}]""", Batch + "; charset=utf-8", 400 },
        { "body", """[{"Body":{"a":1},"BrokerProperties":{"MessageId":"m"}}]""", Batch, 400 },
        { "body", """[{"Body":"x","BrokerProperties":{"MessageId":"m"}},{"Body":"y","BrokerProperties":{"MessageId":"n","TimeToLive":-1}}]""", Batch, 400 },
        { "body", "[]", Batch, 400 },
        { "body", "{}", Batch, 400 },
    };

    [Theory]
    [MemberData(nameof(Sends))]
    public async Task Send_IsTakenOrRefusedAsAWhole(string what, string value, string? type, int status)
    {
        var headers = new Dictionary<string, string> { ["BrokerProperties"] = """{"MessageId":"m"}""" };
        if (what == "body")
        {
            headers.Clear();
        }
        else
        {
            headers[what] = value;
        }

        (await StatusAsync(HttpMethod.Post, "/q/messages", what == "body" ? value : "", headers, type: type)).ShouldBe(status);
        _standIn.Queue("q").Messages.Count.ShouldBe(status == 201 ? 1 : 0);
    }

    [Fact]
    public async Task Requests_ThatAreWrong_GetTheServicesStatus()
    {
        var now = _clock.GetUtcNow();
        (await StatusAsync(HttpMethod.Post, "/other/messages")).ShouldBe(410);
        (await StatusAsync(HttpMethod.Post, "/q/messages?api-version=2099-01")).ShouldBe(400);
        (await StatusAsync(HttpMethod.Post, "/q/messages?api-version=2015-01")).ShouldBe(201);
        (await StatusAsync(HttpMethod.Post, "/q/messages", new string('x', 256 * 1024))).ShouldBe(403);
        (await StatusAsync(HttpMethod.Post, "/q/messages/head?timeout=1.5")).ShouldBe(400);
        (await StatusAsync(HttpMethod.Put, "/q")).ShouldBe(405);
        (await StatusAsync(HttpMethod.Delete, "/q/messages/1/no-such-lock")).ShouldBe(404);
        (await StatusAsync(HttpMethod.Post, "/q/messages", authorization: "Bearer stranger")).ShouldBe(401);
        (await StatusAsync(HttpMethod.Post, "/q/messages", authorization: "")).ShouldBe(401);
        (await StatusAsync(HttpMethod.Post, "/q/messages", authorization: SasSigner.Make(_standIn.Address, "all", "key", now))).ShouldBe(401, "expired");
        (await StatusAsync(HttpMethod.Post, "/q/messages", authorization: SasSigner.Make(_standIn.Address, "all", "wrong", now.AddHours(1)))).ShouldBe(401, "key");
        (await StatusAsync(HttpMethod.Post, "/q/messages", authorization: SasSigner.Make(_standIn.Address, "nobody", "key", now.AddHours(1)))).ShouldBe(401, "policy");
        (await StatusAsync(HttpMethod.Post, "/q/messages", authorization: SasSigner.Make(new Uri(_standIn.Address, "/other"), "all", "key", now.AddHours(1)))).ShouldBe(401, "scope");
        (await StatusAsync(HttpMethod.Post, "/q/messages", authorization: SasSigner.Make(new Uri(_standIn.Address, "/q"), "sender", "key", now.AddHours(1)))).ShouldBe(201);
        (await StatusAsync(HttpMethod.Post, "/q/messages/head?timeout=0", authorization: SasSigner.Make(_standIn.Address, "sender", "key", now.AddHours(1)))).ShouldBe(401, "right");
    }

    [Fact]
    public async Task Lock_LivesAndDiesByTheClock()
    {
        await AskAsync(HttpMethod.Post, "/q/messages", "text", new() { ["BrokerProperties"] = """{"MessageId":"m-1","Label":"x"}""", ["Kind"] = "\"a\"", ["N"] = "3" });
        (await StatusAsync(HttpMethod.Post, "/q/messages")).ShouldBe(201);
        (await StatusAsync(HttpMethod.Post, "/q/messages")).ShouldBe(201, "a duplicate is taken and dropped");
        _standIn.Queue("q").Messages.Count.ShouldBe(2);

        using var first = await AskAsync(HttpMethod.Post, "/q/messages/head?timeout=0");
        first.StatusCode.ShouldBe(HttpStatusCode.Created);
        var broker = first.Headers.GetValues("BrokerProperties").Single();
        broker.ShouldContain("\"MessageId\":\"m-1\"");
        broker.ShouldContain("\"DeliveryCount\":1");
        broker.ShouldContain("\"Label\":\"x\"");
        broker.ShouldContain("\"TimeToLive\":922337203685.4775");
        broker.ShouldContain("\"LockedUntilUtc\":\"Sat, 21 Nov 2026 10:01:00 GMT\"");
        (first.Headers.GetValues("kind").Single(), first.Headers.GetValues("n").Single()).ShouldBe(("\"a\"", "3"));
        (await first.Content.ReadAsStringAsync()).ShouldBe("text");

        _clock.Advance(TimeSpan.FromSeconds(40));
        (await AskAsync(HttpMethod.Post, "", absolute: first.Headers.Location)).StatusCode.ShouldBe(HttpStatusCode.OK);
        _clock.Advance(TimeSpan.FromSeconds(40));
        (await AskAsync(HttpMethod.Put, "", absolute: first.Headers.Location)).StatusCode.ShouldBe(HttpStatusCode.OK, "it was renewed");
        (await AskAsync(HttpMethod.Put, "", absolute: first.Headers.Location)).StatusCode.ShouldBe(HttpStatusCode.NotFound, "it was given back");

        using var second = await AskAsync(HttpMethod.Post, "/q/messages/head?timeout=0");
        second.Headers.GetValues("BrokerProperties").Single().ShouldContain("\"DeliveryCount\":2");
        _clock.Advance(TimeSpan.FromMinutes(1));
        (await AskAsync(HttpMethod.Delete, "", absolute: second.Headers.Location)).StatusCode.ShouldBe(HttpStatusCode.NotFound, "the lock has ended");
        _standIn.Queue("q").DeadLetters.ShouldHaveSingleItem().MessageId.ShouldBe("m-1", "it was delivered as often as the queue allows");
        (await AskAsync(HttpMethod.Post, "/q/$deadletterqueue/messages/head?timeout=0")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(HttpMethod.Delete, "/q/messages/head?timeout=0")).ShouldBe(200);
        (await StatusAsync(HttpMethod.Delete, "/q/messages/head?timeout=0")).ShouldBe(204);
    }

    [Fact]
    public async Task Scheduled_ComesWhenItIsDue_AndExpiresAfterThat()
    {
        await AskAsync(HttpMethod.Post, "/q/messages", "late", new() { ["BrokerProperties"] = """{"MessageId":"m","ScheduledEnqueueTimeUtc":"Sat, 21 Nov 2026 10:00:30 GMT","TimeToLive":60}""" });
        (await StatusAsync(HttpMethod.Post, "/q/messages/head?timeout=0")).ShouldBe(204);

        var waiting = AskAsync(HttpMethod.Post, "/q/messages/head?timeout=55");
        await _clock.AdvanceUntilAsync(waiting, TimeSpan.FromSeconds(1));
        (await waiting).StatusCode.ShouldBe(HttpStatusCode.Created);
        _clock.GetUtcNow().ShouldBeGreaterThanOrEqualTo(new DateTimeOffset(2026, 11, 21, 10, 0, 30, TimeSpan.Zero));

        _clock.Advance(TimeSpan.FromMinutes(2));
        (await StatusAsync(HttpMethod.Post, "/q/messages/head?timeout=0")).ShouldBe(204);
        _standIn.Queue("q").DeadLetters.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Errors_AreTheServicesXml()
    {
        using var answer = await AskAsync(HttpMethod.Post, "/other/messages");

        (await answer.Content.ReadAsStringAsync()).ShouldBe("<Error><Code>410</Code><Detail>No service is hosted at the specified address: other.</Detail></Error>");
    }
}
