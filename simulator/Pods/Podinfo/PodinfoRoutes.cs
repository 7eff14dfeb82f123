using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Network;
using Microsoft.AspNetCore.Http;

namespace CanaryFunctions.Simulator.Pods.Podinfo;

/// <summary>A route of podinfo.</summary>
/// <param name="Label">Its <c>path</c> label in metrics.</param>
/// <param name="Methods">Those it answers; empty for any.</param>
internal sealed record PodinfoRoute(string Label, string[] Methods, Func<HttpContext, Task> Handle);

/// <summary>Podinfo's endpoints (contracts/hooks-alerts.md 4.3).</summary>
internal sealed class PodinfoRoutes
{
    /// <summary>Key of <see cref="HttpContext.Items"/>: seconds that a delay left out.</summary>
    public const string LeftOut = nameof(LeftOut);

    private static readonly string[] Get = ["GET", "HEAD"];
    private static readonly string[] Post = ["POST"];

    private readonly Dictionary<string, PodinfoRoute> _fixed;
    private readonly PodContext _pod;
    private readonly PodinfoTokens _tokens;
    private readonly byte[] _info;
    private readonly byte[] _version;

    /// <param name="isReady">Reads, and <paramref name="setReady"/> sets, what <c>/readyz</c> says.</param>
    public PodinfoRoutes(PodContext pod, PodinfoMetrics metrics, Func<bool> isReady, Action<bool> setReady)
    {
        _pod = pod;
        _tokens = new PodinfoTokens(pod.Time);
        _info = PodinfoReply.Bytes(Info(pod));
        _version = PodinfoReply.Bytes(new JsonObject { ["commit"] = "unknown", ["version"] = pod.Image.Tag });
        var ok = PodinfoReply.Bytes(new JsonObject { ["status"] = "OK" });
        _fixed = new(StringComparer.Ordinal)
        {
            ["/"] = new("root", Get, RootAsync),
            ["/api/echo"] = new("api_echo", [], EchoAsync),
            ["/api/info"] = new("api_info", Get, c => PodinfoReply.JsonAsync(c, _info)),
            ["/echo"] = new("echo", [], EchoAsync),
            ["/headers"] = new("headers", ["GET", "HEAD", "POST"], HeadersAsync),
            ["/healthz"] = new("healthz", Get, c => PodinfoReply.JsonAsync(c, ok)),
            ["/metrics"] = new("metrics", Get, c => PodinfoReply.TextAsync(c, 200, "text/plain; version=0.0.4; charset=utf-8", metrics.Text())),
            ["/readyz"] = new("readyz", Get, c => isReady() ? PodinfoReply.JsonAsync(c, ok) : StatusAsync(c, 503)),
            ["/readyz/disable"] = new("readyz_disable", Post, c => ReadyAsync(c, setReady, false)),
            ["/readyz/enable"] = new("readyz_enable", Post, c => ReadyAsync(c, setReady, true)),
            ["/token"] = new("token", Post, TokenAsync),
            ["/token/validate"] = new("token_validate", Get, c => PodinfoReply.JsonAsync(c, _tokens.Validate(c.Request.Headers.Authorization.ToString()))),
            ["/version"] = new("version", Get, c => PodinfoReply.JsonAsync(c, _version)),
        };
    }

    /// <summary>Null: podinfo has no such path.</summary>
    public PodinfoRoute? Find(string path)
    {
        if (_fixed.TryGetValue(path, out var route))
        {
            return route;
        }

        return path.Split('/') switch
        {
            ["", "status", { Length: > 0 } code] => new("status", ["GET", "HEAD", "POST", "PUT"], c => GivenStatusAsync(c, code)),
            ["", "delay", { Length: > 0 } seconds] => new("delay", Get, c => DelayAsync(c, seconds)),
            _ => null,
        };
    }

    private static JsonObject Info(PodContext pod) => new()
    {
        ["hostname"] = pod.Pod,
        ["version"] = pod.Image.Tag,
        ["revision"] = "unknown",
        ["color"] = "#34577c",
        ["logo"] = "https://raw.githubusercontent.com/stefanprodan/podinfo/gh-pages/cuddle_clap.gif",
        ["message"] = $"greetings from podinfo v{pod.Image.Tag}",
        ["goos"] = "linux",
        ["goarch"] = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "amd64",
        ["runtime"] = "stand-in",
        ["num_goroutine"] = "8",
        ["num_cpu"] = $"{Environment.ProcessorCount}",
    };

    private Task RootAsync(HttpContext context) => context.Request.Headers.UserAgent.ToString().StartsWith("Mozilla", StringComparison.Ordinal)
        ? PodinfoReply.TextAsync(
            context, 200, "text/html; charset=utf-8",
            $"<!doctype html><title>podinfo</title><body style=\"background:#34577c;color:#fff;font-family:sans-serif\"><h1>greetings from podinfo v{System.Net.WebUtility.HtmlEncode(_pod.Image.Tag)}</h1><p>Served by {_pod.Pod}</p>")
        : PodinfoReply.JsonAsync(context, _info);

    private static async Task EchoAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status202Accepted;
        context.Response.ContentType = context.Request.ContentType ?? "text/plain; charset=utf-8";
        await context.Request.Body.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    private static Task HeadersAsync(HttpContext context)
    {
        var headers = new JsonObject();
        foreach (var (name, values) in context.Request.Headers.OrderBy(h => h.Key, StringComparer.Ordinal))
        {
            headers[name] = new JsonArray([.. values.Select(v => (JsonNode?)v)]);
        }

        return PodinfoReply.JsonAsync(context, headers);
    }

    private static Task StatusAsync(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private static Task ReadyAsync(HttpContext context, Action<bool> setReady, bool ready)
    {
        setReady(ready);
        return StatusAsync(context, StatusCodes.Status202Accepted);
    }

    private async Task TokenAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        await PodinfoReply.JsonAsync(context, _tokens.Issue(await reader.ReadToEndAsync(context.RequestAborted)));
    }

    private static Task GivenStatusAsync(HttpContext context, string text)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var code) && code is >= 200 and <= 999
            ? PodinfoReply.JsonAsync(context, new JsonObject { ["status"] = code }, code)
            : PodinfoReply.JsonAsync(context, new JsonObject { ["code"] = 400, ["message"] = $"'{text}' is no status code between 200 and 999" }, 400);

    private async Task DelayAsync(HttpContext context, string text)
    {
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > 3600)
        {
            await PodinfoReply.JsonAsync(context, new JsonObject { ["code"] = 400, ["message"] = $"'{text}' is no number of seconds between 0 and 3600" }, 400);
            return;
        }

        var nominal = TimeSpan.FromSeconds(seconds);
        var real = nominal / _pod.Speed;
        await Task.Delay(real, _pod.Time, context.RequestAborted);
        var leftOut = (nominal - real).TotalSeconds;
        context.Items[LeftOut] = leftOut;
        SimulatedDelay.Write(context.Response.Headers, leftOut);
        await PodinfoReply.JsonAsync(context, new JsonObject { ["delay"] = seconds });
    }
}
