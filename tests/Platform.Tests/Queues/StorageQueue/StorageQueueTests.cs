using System.Text;
using System.Xml.Linq;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Platform.Queues;
using CanaryFunctions.Platform.Queues.Credentials;
using CanaryFunctions.Platform.Queues.Rest;
using CanaryFunctions.Platform.Queues.StorageQueue;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace CanaryFunctions.Platform.Tests.Queues.StorageQueue;

/// <summary>The requests that a Storage account gets, and what is made of its answers. What it does with them is tested against Azurite.</summary>
public sealed class StorageQueueTests : IAsyncLifetime
{
    private const string NoMessages = "<?xml version=\"1.0\" encoding=\"utf-8\"?><QueueMessagesList></QueueMessagesList>";

    private FakeServer _server = null!;
    private Func<HttpContext, (int Status, string Code, string Body)> _answer = _ => (201, "", "");

    public async Task InitializeAsync() => _server = await FakeServer.StartAsync(async http =>
    {
        var (status, code, body) = _answer(http);
        if (status == 0)
        {
            http.Abort();
            return;
        }

        http.Response.StatusCode = status;
        if (code.Length > 0)
        {
            http.Response.Headers["x-ms-error-code"] = code;
        }

        if (status is not (204 or 304))
        {
            await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body));
        }
    });

    public async Task DisposeAsync() => await _server.DisposeAsync();

    private StorageStepQueue Open(IRequestSigner? signer = null, string path = "", TimeProvider? time = null) => new(
        new StorageQueueOptions { Endpoint = new Uri(_server.Url, path), LongestPause = TimeSpan.FromMilliseconds(20), Http = new() { RetryDelay = TimeSpan.FromMilliseconds(10) } },
        _ => signer ?? new FixedTokenSigner("Bearer token"),
        time ?? TimeProvider.System,
        NullLogger<StorageStepQueue>.Instance);

    private static Task EnqueueAsync(StorageStepQueue queue, string body = "{}", TimeSpan? delay = null)
        => queue.EnqueueAsync(new QueueMessage(QueueNames.Steps, "m-1", body, delay is null ? null : TimeProvider.System.GetUtcNow() + delay), CancellationToken.None);

    private static string List(string text, int count = 1)
        => $"\uFEFF<?xml version=\"1.0\" encoding=\"utf-8\"?><QueueMessagesList><QueueMessage><MessageId>id-1</MessageId><PopReceipt>a+b/=</PopReceipt><DequeueCount>{count}</DequeueCount><MessageText>{text}</MessageText></QueueMessage></QueueMessagesList>";

    [Fact]
    public async Task Put_IsBase64InXml_NeverExpires_AndDelaysByWholeSeconds()
    {
        using var queue = Open();
        await EnqueueAsync(queue, """{"a":"ä"}""");
        await EnqueueAsync(queue, delay: TimeSpan.FromSeconds(2.5));

        var put = _server.Requests[0];
        put.Line.ShouldBe("POST /canary-steps/messages?visibilitytimeout=0&messagettl=-1");
        put.Body.ShouldBe($"<QueueMessage><MessageText>{Convert.ToBase64String(Encoding.UTF8.GetBytes("""{"a":"ä"}"""))}</MessageText></QueueMessage>");
        (put.Headers["Authorization"], put.Headers["x-ms-version"], put.Headers["Content-Type"]).ShouldBe(("Bearer token", "2021-12-02", "application/xml; charset=utf-8"));
        _server.Requests[1].Line.ShouldBe("POST /canary-steps/messages?visibilitytimeout=3&messagettl=-1");
    }

    [Fact]
    public async Task Put_AccountInThePathAndSasInTheQuery_AreKept()
    {
        using var queue = Open(new SasQuerySigner("sv=2021&sig=a%2Bb"), "account");
        await EnqueueAsync(queue);

        _server.Requests.ShouldHaveSingleItem().Line.ShouldBe("POST /account/canary-steps/messages?visibilitytimeout=0&messagettl=-1&sv=2021&sig=a%2Bb");
    }

    [Theory]
    [InlineData(503, "ServerBusy", 4)]
    [InlineData(409, "QueueBeingDeleted", 4)]
    [InlineData(500, "OperationTimedOut", 1)]
    [InlineData(503, "OperationTimedOut", 1)]
    [InlineData(0, "", 1)]
    [InlineData(403, "AuthorizationFailure", 1)]
    [InlineData(403, "AuthenticationFailed", 2)]
    public async Task Put_Fails_IsRepeatedOnlyWhereNothingWasDone(int status, string code, int requests)
    {
        _answer = _ => (status, code, $"<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>Why not.\nRequestId:1</Message></Error>");
        using var queue = Open(new SasQuerySigner("sig=secret"));

        var error = await Should.ThrowAsync<QueueException>(() => EnqueueAsync(queue));

        _server.Requests.Count.ShouldBe(requests);
        error.IsTransient.ShouldBe(status != 403);
        error.Message.ShouldStartWith($"POST {_server.Url.AbsoluteUri}canary-steps/messages: ");
        error.Message.ShouldNotContain("secret");
        if (status > 0)
        {
            error.Message.ShouldEndWith($": {status} {code}: Why not.");
        }
    }

    [Fact]
    public async Task Put_QueueIsMissing_IsCreatedAndFilled()
    {
        var exists = false;
        _answer = http =>
        {
            exists |= http.Request.Method == "PUT";
            return exists ? (201, "", "") : (404, "QueueNotFound", "");
        };
        using var queue = Open();

        await EnqueueAsync(queue);

        _server.Requests.Select(r => r.Line.Split('?')[0]).ShouldBe(["POST /canary-steps/messages", "PUT /canary-steps", "POST /canary-steps/messages"]);
    }

    [Fact]
    public async Task Put_TooLarge_IsRefusedHere()
    {
        using var queue = Open();
        await EnqueueAsync(queue, new string('x', 48 * 1024));

        (await Should.ThrowAsync<QueueException>(() => EnqueueAsync(queue, new string('x', (48 * 1024) + 1)))).Message
            .ShouldBe("Message 'm-1' for canary-steps has 49153 bytes; at most 49152 are allowed.");
        _server.Requests.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task LongDelay_IsRenewedUntilItIsOver_AndThenDelivered()
    {
        using var queue = Open();
        var due = TimeProvider.System.GetUtcNow().AddDays(10);
        await queue.EnqueueAsync(new QueueMessage(QueueNames.Steps, "m-1", """{"name":"podinfo"}""", due), CancellationToken.None);

        var put = _server.Requests.ShouldHaveSingleItem();
        put.Line.ShouldContain("visibilitytimeout=604800&");
        var text = XElement.Parse(put.Body).Element("MessageText")!.Value;

        var gets = 0;
        _answer = http => http.Request.Method != "GET" ? (204, "", "") : ++gets == 1 ? (200, "", List(text)) : (200, "", NoMessages);
        using var stop = new CancellationTokenSource();
        using var later = Open(time: new OddClock(TimeSpan.FromDays(7)));
        var receiving = later.ReceiveAsync(QueueNames.Steps, stop.Token);
        while (Volatile.Read(ref gets) < 3)
        {
            receiving.IsCompleted.ShouldBeFalse("it is not due");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, CancellationToken.None);
        }

        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(receiving);
        var hidden = _server.Requests.Single(r => r.Line.StartsWith("PUT", StringComparison.Ordinal)).Line;
        hidden.ShouldStartWith("PUT /canary-steps/messages/id-1?popreceipt=a%2Bb%2F%3D&visibilitytimeout=");
        int.Parse(hidden.Split('=')[^1]).ShouldBeInRange(259_100, 259_200, "three days are left");

        _answer = _ => (200, "", List(text));
        using var atLast = Open(time: new OddClock(TimeSpan.FromDays(10)));
        (await atLast.ReceiveAsync(QueueNames.Steps, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20))).Message.Body.ShouldStartWith("""{"name":"podinfo","notBefore":""");
    }

    [Fact]
    public async Task Receive_TextThatIsNotBase64_GoesToThePoisonQueue()
    {
        var gets = 0;
        _answer = http => http.Request.Method switch
        {
            "GET" => ++gets switch { 1 => (200, "", List("{&quot;a&quot;:1}")), 2 => (200, "", List("e30=", 2)), _ => (200, "", NoMessages) },
            "DELETE" => (204, "", ""),
            _ => (201, "", ""),
        };
        using var queue = Open();

        var lease = await queue.ReceiveAsync(QueueNames.Steps, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20));

        (lease.Message.Id, lease.Message.Body, lease.DeliveryCount).ShouldBe(("id-1", "{}", 2));
        _server.Requests.Select(r => r.Line.Split('?')[0]).ShouldBe(
            ["GET /canary-steps/messages", "POST /canary-steps-poison/messages", "DELETE /canary-steps/messages/id-1", "GET /canary-steps/messages"]);
        _server.Requests[1].Body.ShouldContain("{\"a\":1}");
    }

    [Theory]
    [InlineData(400, "PopReceiptMismatch")]
    [InlineData(404, "MessageNotFound")]
    public async Task Complete_MessageIsSomebodyElses_IsNoError(int status, string code)
    {
        _answer = http => http.Request.Method == "GET" ? (200, "", List("e30=")) : (status, code, "");
        using var queue = Open();
        var lease = await queue.ReceiveAsync(QueueNames.Steps, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20));

        await lease.CompleteAsync();

        lease.IsCurrent.ShouldBeFalse();
        _server.Requests.Count(r => r.Line.StartsWith("DELETE", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task Receive_AnswerIsNoList_TriesAgain()
    {
        var gets = 0;
        _answer = _ => ++gets == 1 ? (200, "", "<html>proxy</html") : (200, "", List("e30="));
        using var queue = Open(time: new OddClock(speed: 20));

        (await queue.ReceiveAsync(QueueNames.Steps, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20))).Message.Body.ShouldBe("{}");
    }
}
