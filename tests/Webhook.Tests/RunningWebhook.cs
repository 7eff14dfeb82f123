using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using CanaryFunctions.Core;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Providers;
using Microsoft.Extensions.DependencyInjection;

namespace CanaryFunctions.Webhook.Tests;

/// <summary>The real server over real HTTPS, with a fake cluster and queue.</summary>
internal sealed class RunningWebhook : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private RunningWebhook(ServiceProvider services, WebhookServer server, LiveCluster cluster, RecordingQueue queue)
    {
        (_services, Server, Cluster, Queue) = (services, server, cluster, queue);
        Client = ClientTrusting(server.CaCertificate);
        Health = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = server.HealthAddress };
    }

    public WebhookServer Server { get; }

    public LiveCluster Cluster { get; }

    public RecordingQueue Queue { get; }

    public HttpClient Client { get; }

    /// <summary>For <c>/healthz</c>, <c>/readyz</c> and <c>/metrics</c>.</summary>
    public HttpClient Health { get; }

    public static async Task<RunningWebhook> StartAsync(WebhookOptions? options = null, Action<LiveCluster>? prepare = null, LiveCluster? cluster = null)
    {
        cluster ??= new LiveCluster(TimeProvider.System);
        prepare?.Invoke(cluster);
        var queue = new RecordingQueue();
        var services = Services(cluster, queue);
        var server = await WebhookServer.StartAsync(options ?? new() { Settle = TimeSpan.Zero }, services, CancellationToken.None);
        return new(services, server, cluster, queue);
    }

    /// <summary>What the product composes for it, with this cluster and this queue.</summary>
    public static ServiceProvider Services(IClusterClient cluster, IStepQueue queue) => new ServiceCollection()
        .AddLogging()
        .AddSingleton(new CanaryOptions())
        .AddSingleton<IHttpCaller, NoHttp>()
        .AddSingleton(cluster)
        .AddSingleton(queue)
        .AddProviders()
        .AddCanaryWebhook()
        .BuildServiceProvider();

    public HttpClient ClientTrusting(string ca)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPem(ca);
        var handler = new SocketsHttpHandler { UseProxy = false, SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy } };
        return new(handler) { BaseAddress = Server.Address };
    }

    public async Task<HttpResponseMessage> PostAsync(string path, byte[] body, string contentType = "application/json")
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };

        // The server refuses a large body before it is sent; without asking first, sending fails before the answer is read.
        request.Headers.ExpectContinue = true;
        return await Client.SendAsync(request);
    }

    /// <summary>The review's response; anything but an answered review fails.</summary>
    public async Task<JsonObject> AskAsync(string path, JsonObject review)
    {
        using var answer = await PostAsync(path, System.Text.Encoding.UTF8.GetBytes(review.ToJsonString()));
        answer.IsSuccessStatusCode.ShouldBeTrue($"{answer.StatusCode}");
        var body = Reviews.Parse(await answer.Content.ReadAsStringAsync());
        ((string?)body["kind"]).ShouldBe("AdmissionReview");
        ((string?)body["apiVersion"]).ShouldBe("admission.k8s.io/v1");
        return (JsonObject)body["response"]!;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Health.Dispose();
        await Server.DisposeAsync();
        await _services.DisposeAsync();
    }

    private sealed class NoHttp : IHttpCaller
    {
        public Task<HttpAnswer> SendAsync(HttpCall call, CancellationToken ct) => throw new NotSupportedException("admission calls nobody");
    }
}
