using System.Net;
using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CanaryFunctions.Cluster.Tests.RealParts;

/// <summary>Tells a Prometheus what to scrape: its HTTP service discovery.</summary>
internal sealed class ScrapeTargetsServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ScrapeTargetsServer(WebApplication app) => _app = app;

    /// <summary>Asked once a second.</summary>
    internal Func<IReadOnlyList<ScrapeTarget>> Targets { get; set; } = () => [];

    /// <summary>Text of a configuration that scrapes them every second.</summary>
    internal string Configuration => $$"""
        global: { scrape_interval: 1s, scrape_timeout: 1s }
        scrape_configs:
          - job_name: discovered
            http_sd_configs: [{ url: "{{_app.Urls.First()}}/", refresh_interval: 1s }]
        """;

    internal static async Task<ScrapeTargetsServer> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddRoutingCore();
        var server = new ScrapeTargetsServer(builder.Build());
        server._app.MapGet("/", (RequestDelegate)server.AnswerAsync);
        await server._app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var groups = new JsonArray([.. Targets().Select(GroupOf)]);
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(groups.ToJsonString(), context.RequestAborted);
    }

    private static JsonObject GroupOf(ScrapeTarget target)
    {
        var labels = new JsonObject { ["__metrics_path__"] = target.Url.AbsolutePath };
        foreach (var (name, value) in target.Labels.Pairs)
        {
            labels[name] = value;
        }

        return new() { ["targets"] = new JsonArray(target.Url.Authority), ["labels"] = labels };
    }
}
