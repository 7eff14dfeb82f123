using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace CanaryFunctions.Workers.Tests.Staging;

/// <summary>Stands where Slack is, under an address for each life of a worker, and where the releases' checks are.</summary>
internal sealed class Receivers : IAsyncDisposable
{
    private const string Chat = "/slack/";

    private readonly ConcurrentQueue<Post> _posts = new();
    private readonly Func<string, Task<bool>> _isGood;
    private readonly WebApplication _app;
    private int _checks;

    private Receivers(Func<string, Task<bool>> isGood)
    {
        _isGood = isGood;
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    internal IReadOnlyList<Post> Posts => [.. _posts];

    /// <summary>Calls of the releases' checks.</summary>
    internal int Checks => Volatile.Read(ref _checks);

    internal string CheckUrl => $"{_app.Urls.First()}/check";

    /// <param name="isGood">What the check says of a release, by the Canary's name.</param>
    internal static async Task<Receivers> StartAsync(Func<string, Task<bool>> isGood)
    {
        var receivers = new Receivers(isGood);
        await receivers._app.StartAsync();
        return receivers;
    }

    internal string ChatUrl(string worker) => $"{_app.Urls.First()}{Chat}{worker}";

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        var at = TimeProvider.System.GetUtcNow();
        var body = (await JsonNode.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted))!;
        if (http.Request.Path.ToString().StartsWith(Chat, StringComparison.Ordinal))
        {
            var message = body.ListAt("attachments").Single();
            _posts.Enqueue(new(at, http.Request.Path.ToString()[Chat.Length..], message.Text("author_name")!, message.Text("text")!));
            return;
        }

        Interlocked.Increment(ref _checks);
        http.Response.StatusCode = await _isGood(body.Text("name")!) ? StatusCodes.Status200OK : StatusCodes.Status500InternalServerError;
    }
}
