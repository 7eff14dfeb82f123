using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Platform.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CanaryFunctions.Cli.Playground;

/// <summary>Stands in for Slack and Teams: takes what the notifiers really send, over HTTP, and shows it.</summary>
internal sealed class ChatInbox : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ChatInbox(WebApplication app) => _app = app;

    /// <summary>A message came in.</summary>
    internal event Action<ChatMessage>? Received;

    internal Uri SlackUrl => new(Address, "slack");

    internal Uri TeamsUrl => new(Address, "teams");

    private Uri Address => new(_app.Urls.First());

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    internal static async Task<ChatInbox> StartAsync(CancellationToken ct)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddRoutingCore().AddSingleton<IHostLifetime, EmbeddedLifetime>();
        var inbox = new ChatInbox(builder.Build());
        inbox._app.MapPost("/slack", (RequestDelegate)(context => inbox.TakeAsync(context, "Slack", FromSlack)));
        inbox._app.MapPost("/teams", (RequestDelegate)(context => inbox.TakeAsync(context, "Teams", FromTeams)));
        await inbox._app.StartAsync(ct);
        return inbox;
    }

    private async Task TakeAsync(HttpContext context, string service, Func<JsonNode, ChatMessage> read)
    {
        try
        {
            var body = await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            Received?.Invoke(read(body!) with { Service = service });
            context.Response.StatusCode = service == "Teams" ? StatusCodes.Status202Accepted : StatusCodes.Status200OK;
        }
        catch (JsonException)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
        }
    }

    private static ChatMessage FromSlack(JsonNode body)
    {
        var attachment = body.ListAt("attachments").FirstOrDefault();
        return new("", attachment.Text("author_name") ?? "", attachment.Text("text") ?? "",
            [.. attachment.ListAt("fields").Select(f => $"{f.Text("title")}: {f.Text("value")}")]);
    }

    private static ChatMessage FromTeams(JsonNode body)
    {
        var card = body.ListAt("attachments").FirstOrDefault().At("content");
        var texts = card.ListAt("body").Select(b => b.Text("text")).OfType<string>().ToList();
        var facts = card.ListAt("body").SelectMany(b => b.ListAt("facts")).Select(f => $"{f.Text("title")}: {f.Text("value")}");
        return new("", texts.ElementAtOrDefault(0) ?? "", texts.ElementAtOrDefault(1) ?? "", [.. facts]);
    }
}

/// <summary>One chat message as people would read it.</summary>
internal sealed record ChatMessage(string Service, string Subject, string Text, IReadOnlyList<string> Facts);
