using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CanaryFunctions.TestKit;

/// <summary>The other end of an API server's webhooks, over real HTTPS: answers admission and conversion reviews as the test says, and keeps what it was asked.</summary>
public class WebhookStub : IAsyncDisposable
{
    private static readonly TimeSpan Life = TimeSpan.FromDays(2);
    private readonly ConcurrentDictionary<string, Func<JsonObject, JsonObject>> _answers = new(StringComparer.Ordinal);
    private readonly Func<JsonObject, JsonObject>? _answer;
    private readonly X509Certificate2 _certificate = Certificate();
    private readonly WebApplication _app;

    /// <summary><paramref name="answer"/> is for the paths that <see cref="On"/> does not name.</summary>
    protected WebhookStub(Func<JsonObject, JsonObject>? answer = null)
    {
        _answer = answer;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, l => l.UseHttps(_certificate)));
        _app = builder.Build();
        _app.Run(ReviewAsync);
    }

    /// <summary>The root, with the port that it got.</summary>
    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>For a clientConfig that names the address, or a service <c>kubernetes</c> in <c>default</c> that leads there.</summary>
    public string CaBundle => Convert.ToBase64String(Encoding.ASCII.GetBytes(_certificate.ExportCertificatePem()));

    /// <summary>What the reviews asked, in their order.</summary>
    public ConcurrentQueue<JsonObject> Requests { get; } = [];

    /// <summary>Answers every review: from the request to the response, whose uid is filled in.</summary>
    public static async Task<WebhookStub> StartAsync(Func<JsonObject, JsonObject> answer)
    {
        var stub = new WebhookStub(answer);
        await stub.ListenAsync();
        return stub;
    }

    /// <summary>Answers the reviews at a path: from the request to the response, whose uid is filled in.</summary>
    public void On(string path, Func<JsonObject, JsonObject> answer) => _answers[path] = answer;

    /// <summary>A configuration with this stub as its one webhook.</summary>
    public JsonObject Configuration(string kind, string rules, string more = "") => (JsonObject)JsonNode.Parse($$"""
        {
          "apiVersion": "admissionregistration.k8s.io/v1", "kind": "{{kind}}", "metadata": {"name": "hooks"},
          "webhooks": [{
            "name": "hook.example.com", "clientConfig": {"url": "{{Address}}review", "caBundle": "{{CaBundle}}"},
            "rules": [{{rules}}], "sideEffects": "NoneOnDryRun", "admissionReviewVersions": ["v1"], "timeoutSeconds": 5 {{more}}
          }]
        }
        """)!;

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _certificate.Dispose();
        GC.SuppressFinalize(this);
    }

    protected Task ListenAsync() => _app.StartAsync();

    private static X509Certificate2 Certificate()
    {
        var now = TimeProvider.System.GetUtcNow();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=webhook-stub", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName("kubernetes.default.svc");
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(now - Life, now + Life);
    }

    private async Task ReviewAsync(HttpContext http)
    {
        var review = (JsonObject)(await JsonNode.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted))!;
        var request = (JsonObject)review["request"]!;
        Requests.Enqueue(request);
        var path = http.Request.Path.Value!;
        var answer = _answers.GetValueOrDefault(path) ?? _answer ?? throw new InvalidOperationException($"{path}: the test answers no reviews there.");
        var response = answer(request);
        response["uid"] = (string?)request["uid"];
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(
            new JsonObject { ["apiVersion"] = (string?)review["apiVersion"], ["kind"] = (string?)review["kind"], ["response"] = response }.ToJsonString(), http.RequestAborted);
    }
}
