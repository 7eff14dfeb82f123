using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace CanaryFunctions.TestKit.ServiceBus;

/// <summary>
/// Stands where a Service Bus namespace stands, for its REST data plane (contracts/azure-keda.md 2): it does what the documentation says and refuses what
/// the real one refuses. On a free port of loopback, over plain HTTP.
/// </summary>
public sealed class ServiceBusStandIn : IAsyncDisposable
{
    private const int LongestWait = 60;

    private static readonly string[] Versions = ["2012-03", "2012-08", "2013-04", "2013-07", "2013-08", "2013-10", "2014-01", "2014-05", "2014-09", "2015-01"];

    private readonly ConcurrentDictionary<string, StandInQueue> _queues = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentQueue<StandInRequest> _requests = new();
    private readonly ConcurrentDictionary<string, byte> _tokens = new(StringComparer.Ordinal);
    private readonly WebApplication _app;
    private readonly TimeProvider _time;
    private readonly StandInAuthorization _authorization;

    private ServiceBusStandIn(TimeProvider time, IReadOnlyList<StandInPolicy> policies)
    {
        _time = time;
        _authorization = new(policies, _tokens.ContainsKey, time);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestHeadersTotalSize = 64 * 1024;
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    public Uri Address { get; private set; } = null!;

    public IReadOnlyList<StandInRequest> Requests => [.. _requests];

    /// <summary>Asked before each request; null lets it through.</summary>
    public Func<StandInRequest, StandInFault?> Fault { get; set; } = _ => null;

    /// <param name="policies">Default: one named <c>all</c> with the key <c>all-key</c>.</param>
    public static async Task<ServiceBusStandIn> StartAsync(TimeProvider time, params StandInPolicy[] policies)
    {
        var standIn = new ServiceBusStandIn(time, policies.Length > 0 ? policies : [new("all", "all-key", "Send", "Listen")]);
        await standIn._app.StartAsync();
        standIn.Address = new Uri(standIn._app.Urls.First());
        return standIn;
    }

    public StandInQueue Create(string name, StandInQueueOptions? options = null) => _queues[name] = new(name, options ?? new(), _time);

    public StandInQueue Queue(string name) => _queues[name];

    /// <summary>The policy's connection string.</summary>
    public string ConnectionString(string policy = "all", string key = "all-key")
        => $"Endpoint=sb://{Address.Authority};SharedAccessKeyName={policy};SharedAccessKey={key};UseDevelopmentEmulator=true;";

    /// <summary>A bearer token that is good from now on.</summary>
    public void Allow(string token) => _tokens[token] = 1;

    public void Revoke(string token) => _tokens.TryRemove(token, out _);

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        using var buffer = new MemoryStream();
        await http.Request.Body.CopyToAsync(buffer, http.RequestAborted);
        var body = buffer.ToArray();
        var request = new StandInRequest(
            $"{http.Request.Method} {http.Request.Path}",
            http.Request.QueryString.ToString(),
            http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            Encoding.UTF8.GetString(body));
        _requests.Enqueue(request);
        http.Response.OnStarting(() =>
        {
            http.Response.Headers.Date = _time.GetUtcNow().UtcDateTime.ToString("R");
            return Task.CompletedTask;
        });
        try
        {
            var fault = Fault(request);
            if (fault is { IsDone: false })
            {
                await FailAsync(http, fault);
                return;
            }

            await DoAsync(http, body);
            if (fault is not null)
            {
                http.Abort();
            }
        }
        catch (StandInRefusal refusal)
        {
            await RefuseAsync(http, refusal.Status, refusal.Message);
        }
    }

    private static async Task FailAsync(HttpContext http, StandInFault fault)
    {
        if (fault.Status == 0)
        {
            http.Abort();
            return;
        }

        if (fault.RetryAfter is { } seconds)
        {
            http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        await RefuseAsync(http, fault.Status, "The request was terminated because the namespace is being throttled. Error code: 50009. Please wait 2 seconds and try again.");
    }

    private static Task RefuseAsync(HttpContext http, int status, string detail)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/xml; charset=utf-8";
        return http.Response.WriteAsync($"<Error><Code>{status}</Code><Detail>{SecurityElement.Escape(detail)}</Detail></Error>", http.RequestAborted);
    }

    private Task DoAsync(HttpContext http, byte[] body)
    {
        var request = http.Request;
        if (request.Query["api-version"].ToString() is { Length: > 0 } version && !Versions.Contains(version))
        {
            throw new StandInRefusal(400, $"The api-version '{version}' is not supported.");
        }

        var path = request.Path.ToString().Trim('/').Split('/');
        var isDead = path.Length > 1 && path[1].Equals("$deadletterqueue", StringComparison.OrdinalIgnoreCase);
        var rest = string.Join('/', path.Skip(isDead ? 2 : 1));
        var isSend = request.Method == "POST" && rest == "messages" && !isDead;
        if (_authorization.Refusal(request.Headers.Authorization.ToString(), new Uri(request.GetEncodedUrl()), isSend ? "Send" : "Listen") is { } refusal)
        {
            throw new StandInRefusal(401, refusal);
        }

        if (!_queues.TryGetValue(path[0], out var queue))
        {
            throw new StandInRefusal(410, $"No service is hosted at the specified address: {path[0]}.");
        }

        if (request.Method is "POST" or "PUT" && request.ContentLength is null)
        {
            throw new StandInRefusal(411, "HTTP Error 411. The request must be chunked or have a content length.");
        }

        return (request.Method, rest) switch
        {
            _ when isSend => SendAsync(http, queue, body),
            ("POST" or "DELETE", "messages/head") => ReceiveAsync(http, queue, isDead),
            ("DELETE" or "PUT" or "POST", _) when path is [_, "messages", _, var token] => SettleAsync(http, queue, token),
            _ => throw new StandInRefusal(405, "The specified HTTP verb is not valid."),
        };
    }

    private Task SendAsync(HttpContext http, StandInQueue queue, byte[] body)
    {
        queue.Add(StandInSend.Read(http.Request, body, _time.GetUtcNow()));
        http.Response.StatusCode = 201;
        return Task.CompletedTask;
    }

    private async Task ReceiveAsync(HttpContext http, StandInQueue queue, bool isDead)
    {
        var given = http.Request.Query["timeout"].ToString();
        if (!int.TryParse(given.Length > 0 ? given : "60", NumberStyles.None, CultureInfo.InvariantCulture, out var wait) || wait > LongestWait)
        {
            throw new StandInRefusal(400, $"The timeout '{given}' is invalid.");
        }

        var remove = http.Request.Method == "DELETE";
        var message = isDead ? queue.TakeDead() : await queue.NextAsync(TimeSpan.FromSeconds(wait), remove, http.RequestAborted);
        if (message is null)
        {
            http.Response.StatusCode = 204;
            return;
        }

        http.Response.StatusCode = remove || isDead ? 200 : 201;
        http.Response.ContentType = message.ContentType.Length > 0 ? message.ContentType : null;
        http.Response.Headers["BrokerProperties"] = Broker(message).ToJsonString();
        foreach (var (name, value) in message.Properties)
        {
            http.Response.Headers[name] = value;
        }

        if (message.LockToken is { } token)
        {
            http.Response.Headers.Location = $"{Address.AbsoluteUri}{queue.Name}/messages/{message.SequenceNumber}/{token}";
        }

        await http.Response.Body.WriteAsync(message.Body, http.RequestAborted);
    }

    private static Task SettleAsync(HttpContext http, StandInQueue queue, string token)
    {
        var isOurs = http.Request.Method switch
        {
            "DELETE" => queue.Complete(token),
            "PUT" => queue.Abandon(token),
            _ => queue.Renew(token),
        };
        http.Response.StatusCode = isOurs ? 200 : throw new StandInRefusal(404, "The lock supplied is invalid. Either the lock expired, or the message has already been removed.");
        return Task.CompletedTask;
    }

    private static JsonObject Broker(StandInMessage message)
    {
        var broker = (JsonObject)message.Broker.DeepClone();
        broker["MessageId"] = message.MessageId;
        broker["DeliveryCount"] = message.DeliveryCount;
        broker["EnqueuedSequenceNumber"] = 0;
        broker["EnqueuedTimeUtc"] = message.EnqueuedAt.UtcDateTime.ToString("R");
        broker["SequenceNumber"] = message.SequenceNumber;
        broker["State"] = "Active";
        broker["TimeToLive"] = message.TimeToLive == TimeSpan.MaxValue ? 922337203685.47754 : message.TimeToLive.TotalSeconds;
        if (message.LockToken is { } token)
        {
            broker["LockToken"] = token;
            broker["LockedUntilUtc"] = message.LockedUntil.UtcDateTime.ToString("R");
        }

        return broker;
    }
}
