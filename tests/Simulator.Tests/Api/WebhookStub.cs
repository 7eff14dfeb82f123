using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CanaryFunctions.Simulator.Tests.Api;

/// <summary>A real HTTPS server that answers reviews as the test says, and keeps what it was asked.</summary>
internal sealed class WebhookStub : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WebhookStub(WebApplication app, ConcurrentQueue<JsonObject> requests)
    {
        (_app, Requests) = (app, requests);
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    public Uri Address { get; }

    public ConcurrentQueue<JsonObject> Requests { get; }

    public static string CaBundle => Convert.ToBase64String(Encoding.ASCII.GetBytes(ServerCertificates.Shared.Authority.ExportCertificatePem()));

    /// <summary>The answer is the review's response; its uid is filled in.</summary>
    public static async Task<WebhookStub> StartAsync(Func<JsonObject, JsonObject> answer)
    {
        var requests = new ConcurrentQueue<JsonObject>();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration()
            .ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, l => l.UseHttps(ServerCertificates.Shared.Server)));
        var app = builder.Build();
        app.Run(async http =>
        {
            var review = (JsonObject)(await JsonNode.ParseAsync(http.Request.Body))!;
            var request = (JsonObject)review["request"]!;
            requests.Enqueue(request);
            var response = answer(request);
            response["uid"] = (string?)request["uid"];
            await http.Response.WriteAsync(new JsonObject { ["apiVersion"] = (string?)review["apiVersion"], ["kind"] = (string?)review["kind"], ["response"] = response }.ToJsonString());
        });
        await app.StartAsync();
        return new WebhookStub(app, requests);
    }

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

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
