using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Webhook.Tests.Hostile;

/// <summary>Whoever reaches the port can send anything: a denial or a 4xx is the answer, never a crash or a 500.</summary>
public sealed class HostileReviewTests : IClassFixture<HostileReviewTests.Server>
{
    private static readonly string Good = Reviews.Of("CREATE", Reviews.Canary()).ToJsonString();

    private readonly Server _server;

    public HostileReviewTests(Server server) => _server = server;

    public static readonly TheoryData<string, string, string, int, string> Refused = new()
    {
        { "wrong type", "text/plain", "{}", 415, "the Content-Type must be application/json" },
        { "YAML", "application/yaml", "a: b", 415, "the Content-Type must be application/json" },
        { "protobuf", "application/vnd.kubernetes.protobuf", "k8s\0", 415, "the Content-Type must be application/json" },
        { "no JSON", "application/json", "{", 400, "the body is not JSON" },
        { "empty", "application/json", "", 400, "the body is not JSON" },
        { "null", "application/json", "null", 400, "the body is not an admission.k8s.io/v1 AdmissionReview" },
        { "list", "application/json", "[]", 400, "the body is not an admission.k8s.io/v1 AdmissionReview" },
        { "number", "application/json", "7", 400, "the body is not an admission.k8s.io/v1 AdmissionReview" },
        { "two documents", "application/json", "{} {}", 400, "the body is not JSON" },
        { "other version", "application/json", """{"apiVersion":"admission.k8s.io/v1beta1","kind":"AdmissionReview","request":{}}""", 400, "the body is not an admission.k8s.io/v1 AdmissionReview" },
        { "other kind", "application/json", """{"apiVersion":"admission.k8s.io/v1","kind":"Pod","request":{}}""", 400, "the body is not an admission.k8s.io/v1 AdmissionReview" },
        { "no request", "application/json", """{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview"}""", 400, "the review has no request" },
        { "no uid", "application/json", Good.Replace("\"uid\":\"review-1\",", "", StringComparison.Ordinal), 400, "the request has no uid" },
        { "uid twice", "application/json", Good.Replace("\"uid\":\"review-1\",", "\"uid\":\"a\",\"uid\":\"b\",", StringComparison.Ordinal), 400, "the body is not JSON: an object has a key twice" },
        { "uid as number", "application/json", Good.Replace("\"review-1\"", "1", StringComparison.Ordinal), 400, "the request has no uid" },
        { "object as text", "application/json", """{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u","kind":{"kind":"Canary"},"operation":"CREATE","object":"x"}}""", 400, "the request's object is not an object" },
        { "spec twice", "application/json", Good.Replace("\"spec\":", "\"spec\":{},\"spec\":", StringComparison.Ordinal), 400, "the body is not JSON: an object has a key twice" },
        { "100,000 lists deep", "application/json", new string('[', 100_000), 400, "the body is not JSON" },
        { "object 1,000 deep", "application/json", Good.Replace("\"spec\":", $"\"deep\":{Nested(1_000)},\"spec\":", StringComparison.Ordinal), 400, "the body is not JSON" },
        { "half a surrogate pair", "application/json", Good.Replace("\"skipper\"", "\"\\ud800\"", StringComparison.Ordinal), 400, "the body holds text that is not Unicode" },
        { "5 MB object", "application/json", Good.Replace("\"skipper\"", $"\"{new string('a', 5_000_000)}\"", StringComparison.Ordinal), 413, "the body is larger than" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Post_WhatIsNoReview_IsRefusedAndSaysWhy(string what, string contentType, string body, int status, string problem)
    {
        foreach (var path in (string[])["/mutate", "/validate", "/detect"])
        {
            using var answer = await _server.Webhook.PostAsync(path, Encoding.UTF8.GetBytes(body), contentType);

            ((int)answer.StatusCode).ShouldBe(status, $"{what} at {path}");
            (await answer.Content.ReadAsStringAsync()).ShouldStartWith(problem);
        }

        await LivesOnAsync();
    }

    [Fact]
    public async Task Post_InvalidUtf8_IsRefused()
    {
        var body = Encoding.UTF8.GetBytes(Good);
        body[Good.IndexOf("skipper", StringComparison.Ordinal)] = 0xff;

        using var answer = await _server.Webhook.PostAsync("/mutate", body);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldBe("the body is not UTF-8\n");
    }

    [Theory]
    [InlineData("GET", "/mutate", HttpStatusCode.MethodNotAllowed)]
    [InlineData("PUT", "/validate", HttpStatusCode.MethodNotAllowed)]
    [InlineData("DELETE", "/detect", HttpStatusCode.MethodNotAllowed)]
    [InlineData("OPTIONS", "/convert", HttpStatusCode.MethodNotAllowed)]
    [InlineData("POST", "/", HttpStatusCode.NotFound)]
    [InlineData("POST", "/mutate/..%2f..%2fetc/passwd", HttpStatusCode.NotFound)]
    [InlineData("POST", "/metrics", HttpStatusCode.NotFound)]
    public async Task Request_WrongMethodOrPath_IsNotServed(string method, string path, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(new(method), path);
        using var answer = await _server.Webhook.Client.SendAsync(request);

        answer.StatusCode.ShouldBe(expected);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("[]")]
    [InlineData("""{"analysis":[{}],"service":"x","targetRef":{"name":{}}}""")]
    [InlineData("""{"provider":"\u0000"}""")]
    [InlineData("""{"provider":"skipper","analysis":{"metrics":{"0":"x"},"webhooks":[null,[],7],"stepWeights":["a",null,1e300]}}""")]
    public async Task Mutate_HostileSpec_IsDeniedWithItsProblems(string spec)
    {
        var canary = Reviews.Canary();
        canary["spec"] = JsonNode.Parse(spec);

        var response = await _server.Webhook.AskAsync("/mutate", Reviews.Of("CREATE", canary));

        response.Flag("allowed").ShouldBe(false);
        response.Text("status", "message").ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task Mutate_HugeList_IsAnsweredInTime()
    {
        var canary = Reviews.Canary();
        canary["spec"]!["analysis"]!["webhooks"] = new JsonArray([.. Enumerable.Range(0, 3_000).Select(i => new JsonObject { ["name"] = $"h{i}", ["type"] = "nonsense", ["url"] = "x" })]);

        var response = await _server.Webhook.AskAsync("/mutate", Reviews.Of("CREATE", canary)).WaitAsync(TimeSpan.FromSeconds(10));

        response.Flag("allowed").ShouldBe(false);
    }

    [Fact]
    public async Task Detect_OddObjects_AreAllowed()
    {
        var odd = Reviews.Canary();
        odd["metadata"] = new JsonArray();
        var kind = Reviews.Of("CREATE", Reviews.Parse("""{"kind":"Nonsense","metadata":{"name":7}}"""));

        (await _server.Webhook.AskAsync("/validate", Reviews.Of("CREATE", odd)))["allowed"].ShouldNotBeNull();
        (await _server.Webhook.AskAsync("/detect", Reviews.Of("CREATE", odd))).Flag("allowed").ShouldBe(true);
        (await _server.Webhook.AskAsync("/mutate", kind)).Flag("allowed").ShouldBe(true);
    }

    [Fact]
    public async Task Post_SlowBody_IsGivenUp()
    {
        await using var stream = await ConnectAsync();
        await WriteAsync(stream, $"POST /mutate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {Good.Length}\r\n\r\n{Good[..10]}");

        var answer = await ReadAsync(stream);

        answer.ShouldStartWith("HTTP/1.1 408 ");
        await LivesOnAsync();
    }

    [Fact]
    public async Task Post_CallerThatGoesInTheMiddle_DisturbsNobody()
    {
        for (var i = 0; i < 5; i++)
        {
            await using var stream = await ConnectAsync();
            await WriteAsync(stream, $"POST /validate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {Good.Length}\r\n\r\n{Good[..(i * 50)]}");
        }

        await LivesOnAsync();
    }

    [Theory]
    [InlineData("POST /mutate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n{}")]
    [InlineData("POST /mutate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: -1\r\n\r\n{}")]
    [InlineData("POST /mutate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")]
    [InlineData("\u0001\u0002\u0003\r\n\r\n")]
    public async Task Connection_BrokenHttp_IsRefused(string text)
    {
        await using var stream = await ConnectAsync();
        await WriteAsync(stream, text);

        (await ReadAsync(stream)).ShouldStartWith("HTTP/1.1 400 ");
        await LivesOnAsync();
    }

    private static string Nested(int levels) => string.Concat(Enumerable.Repeat("{\"a\":", levels)) + "1" + new string('}', levels);

    private async Task LivesOnAsync()
        => (await _server.Webhook.AskAsync("/mutate", Reviews.Of("CREATE", Reviews.Canary()))).Flag("allowed").ShouldBe(true);

    private async Task<SslStream> ConnectAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync("127.0.0.1", _server.Webhook.Server.Address.Port);
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPem(_server.Webhook.Server.CaCertificate);
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "127.0.0.1", CertificateChainPolicy = policy });
        return stream;
    }

    private static async Task WriteAsync(SslStream stream, string text)
    {
        await stream.WriteAsync(Encoding.UTF8.GetBytes(text));
        await stream.FlushAsync();
    }

    private static async Task<string> ReadAsync(SslStream stream)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var buffer = new byte[1_000];
        return Encoding.UTF8.GetString(buffer, 0, await stream.ReadAsync(buffer, limit.Token));
    }

    /// <summary>One server for all: each test also shows that it outlived the others.</summary>
    public sealed class Server : IAsyncLifetime
    {
        internal RunningWebhook Webhook { get; private set; } = null!;

        public async Task InitializeAsync()
            => Webhook = await RunningWebhook.StartAsync(new() { Settle = TimeSpan.Zero, SlowBodyGrace = TimeSpan.FromSeconds(1.2) });

        public async Task DisposeAsync() => await Webhook.DisposeAsync();
    }
}
