using System.Globalization;
using System.Net;
using CanaryFunctions.TestKit.Queues;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace CanaryFunctions.Workers.Tests.Queues;

/// <summary>Azurite behind a relay that passes requests on as they are; of messages that are sent it may put copies, or put them later than asked.</summary>
internal sealed class MeddledAzurite : IMeddledQueue
{
    private const string Busy = "<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>ServerBusy</Code><Message>The server is busy.</Message></Error>";

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = 64 });
    private readonly Azurite _azurite;
    private readonly WebApplication _app;

    private MeddledAzurite(Azurite azurite, int seed)
    {
        (_azurite, Meddler) = (azurite, new(seed));
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    public string Name => "Azurite";

    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["Canary__Queue"] = "storage",

        // Short, so that what a killed worker held comes again soon.
        ["Canary__QueueVisibilityTimeout"] = "5s",
        ["Storage"] = string.Create(
            CultureInfo.InvariantCulture,
            $"AccountName={Azurite.Account};AccountKey={Azurite.Key};QueueEndpoint=http://127.0.0.1:{Line.Port}/{Azurite.Account}"),
    };

    public Meddler Meddler { get; }

    public TcpRelay Line { get; private set; } = null!;

    public bool IsBusy { get; set; }

    internal static async Task<MeddledAzurite> StartAsync(int seed)
    {
        var azurite = new Azurite();
        await azurite.InitializeAsync();
        var queue = new MeddledAzurite(azurite, seed);
        await queue._app.StartAsync();
        queue.Line = new(new Uri(queue._app.Urls.First()).Port);
        return queue;
    }

    public async Task<IReadOnlyDictionary<string, int>> LeftAsync() => (await _azurite.CountsAsync()).Where(q => q.Value > 0).ToDictionary();

    public async ValueTask DisposeAsync()
    {
        await Line.DisposeAsync();
        await _app.DisposeAsync();
        await _azurite.DisposeAsync();
        _http.Dispose();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        var body = await new StreamReader(http.Request.Body).ReadToEndAsync(http.RequestAborted);
        if (IsBusy)
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            http.Response.Headers["x-ms-error-code"] = "ServerBusy";
            await http.Response.WriteAsync(Busy, http.RequestAborted);
            return;
        }

        var isSend = http.Request.Method == "POST";
        var extras = isSend ? Meddler.Next() : [TimeSpan.Zero];
        if (extras[0] == TimeSpan.Zero)
        {
            await PassOnAsync(http, body);
        }
        else
        {
            http.Response.StatusCode = StatusCodes.Status201Created;
            await http.Response.WriteAsync(await PutAsync(http, body, extras[0]), http.RequestAborted);
        }

        foreach (var extra in extras.Skip(1))
        {
            await PutAsync(http, body, extra);
        }
    }

    // Signed anew: the delay is part of what the sender signed.
    private Task<string> PutAsync(HttpContext http, string body, TimeSpan extra)
    {
        var queue = http.Request.Path.ToString().Split('/')[2];
        var delay = int.Parse(http.Request.Query["visibilitytimeout"].ToString(), CultureInfo.InvariantCulture) + (int)extra.TotalSeconds;
        return _azurite.SendAsync(HttpMethod.Post, string.Create(CultureInfo.InvariantCulture, $"/{queue}/messages?visibilitytimeout={delay}&messagettl=-1"), body);
    }

    private async Task PassOnAsync(HttpContext http, string body)
    {
        using var request = new HttpRequestMessage(
            new HttpMethod(http.Request.Method), new Uri(_azurite.Endpoint, http.Request.Path.ToUriComponent() + http.Request.QueryString.ToUriComponent()));
        if (http.Request.ContentLength is not null)
        {
            request.Content = new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes(body));
        }

        foreach (var (name, value) in http.Request.Headers.Where(h => h.Key is not ("Host" or "Content-Length" or "Connection")))
        {
            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)value))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)value);
            }
        }

        // Done in Azurite or not: whoever asked may be dead by now, the message is not.
        using var answer = await _http.SendAsync(request, CancellationToken.None);
        http.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers).Where(h => h.Key is not ("Transfer-Encoding" or "Connection" or "Keep-Alive" or "Content-Length")))
        {
            http.Response.Headers[name] = new StringValues([.. values]);
        }

        var text = await answer.Content.ReadAsByteArrayAsync(CancellationToken.None);
        if (answer.StatusCode is not (HttpStatusCode.NoContent or HttpStatusCode.NotModified))
        {
            http.Response.ContentLength = text.Length;
            await http.Response.Body.WriteAsync(text, CancellationToken.None);
        }
    }
}
