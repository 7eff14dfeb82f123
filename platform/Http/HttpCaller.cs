using System.Net;
using System.Net.Http.Headers;
using System.Text;
using CanaryFunctions.Core.Ports;
using Polly;
using Polly.Retry;

namespace CanaryFunctions.Platform.Http;

/// <summary>Calls hooks, metric servers and chats (contracts/hooks-alerts.md 1.2 and 1.3), and knows how each host is reached.</summary>
public sealed class HttpCaller(TimeProvider time, HttpCallerOptions? options = null) : IHttpCaller, IDisposable
{
    private const int MaxRedirects = 10;

    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);

    private readonly HttpCallerOptions _options = options ?? new HttpCallerOptions();
    private readonly ConnectionPools _pools = new();

    public async Task<HttpAnswer> SendAsync(HttpCall call, CancellationToken ct)
    {
        if (call.Url is not { IsAbsoluteUri: true, Scheme: "http" or "https" })
        {
            throw new HttpCallException($"{Asked(call)}: the URL must begin with http:// or https://");
        }

        var attempts = 0;
        try
        {
            return await Retries(call).ExecuteAsync(
                async token =>
                {
                    attempts++;
                    return await AttemptAsync(call, token);
                },
                ct);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TimeoutException or HttpCallException)
        {
            var cause = e is TimeoutException or HttpCallException ? e.Message : TransportErrors.Describe(e);
            var effort = attempts > 1 ? $" (gave up after {attempts} attempts)" : "";
            throw new HttpCallException($"{Asked(call)}: {cause}{effort}", e);
        }
    }

    public void Dispose() => _pools.Dispose();

    /// <summary>Method and URL without what may be secret in it.</summary>
    private static string Asked(HttpCall call)
        => $"{call.Method} {call.DisplayName ?? (call.Url.IsAbsoluteUri ? call.Url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped) : "URL")}";

    private ResiliencePipeline<HttpAnswer> Retries(HttpCall call)
    {
        if (call.Retries <= 0)
        {
            return ResiliencePipeline<HttpAnswer>.Empty;
        }

        return new ResiliencePipelineBuilder<HttpAnswer> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<HttpAnswer>
            {
                MaxRetryAttempts = call.Retries,
                ShouldHandle = args => ValueTask.FromResult(args.Outcome switch
                {
                    { Result: { } answer } => answer.Status == 429 || answer.Status is >= 500 and not 501,
                    { Exception: HttpRequestException or IOException } => !TransportErrors.IsUntrustedCertificate(args.Outcome.Exception),
                    { Exception: TimeoutException } => true,
                    _ => false,
                }),
                DelayGenerator = args => ValueTask.FromResult<TimeSpan?>(Delay(args.AttemptNumber, args.Outcome.Result)),
            })
            .Build();
    }

    private TimeSpan Delay(int attempt, HttpAnswer? answer)
    {
        if (answer is { Status: 429 or 503, RetryAfter: { } asked })
        {
            return asked > TimeSpan.Zero ? asked : TimeSpan.Zero;
        }

        var delay = FirstDelay * Math.Pow(2, Math.Min(attempt, 10));
        return (delay < LongestDelay ? delay : LongestDelay) / _options.Speed;
    }

    private async Task<HttpAnswer> AttemptAsync(HttpCall call, CancellationToken ct)
    {
        using var limit = call.Timeout > TimeSpan.Zero ? new CancellationTokenSource(call.Timeout, time) : new CancellationTokenSource();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            return await FollowAsync(call, either.Token);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new TimeoutException($"no answer within {call.Timeout.TotalSeconds} s", e);
        }
    }

    /// <summary>
    /// Sends, and goes where 307 and 308 point to with method and body, and for GET also where the others do. A POST that is answered by 301, 302 or 303
    /// ends there: to repeat it as a GET without body would not be the call that was asked for.
    /// </summary>
    private async Task<HttpAnswer> FollowAsync(HttpCall call, CancellationToken ct)
    {
        var url = call.Url;
        for (var redirects = 0; ; redirects++)
        {
            var route = CallRoute.For(url, call.Proxy, _options);
            using var request = Request(call, url, route);
            using var response = await _pools.For(call.InsecureSkipVerify, route).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
            if (Next(call, url, response) is not { } next)
            {
                return await BoundedBody.AnswerAsync(response, call.Method == "GET", time, ct);
            }

            if (redirects == MaxRedirects)
            {
                throw new HttpCallException($"stopped after {MaxRedirects} redirects");
            }

            url = next;
        }
    }

    /// <summary>Where the answer sends us; null when it is the answer.</summary>
    private static Uri? Next(HttpCall call, Uri url, HttpResponseMessage response)
    {
        var follow = response.StatusCode switch
        {
            HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect => true,
            HttpStatusCode.Moved or HttpStatusCode.Found or HttpStatusCode.SeeOther => call.Method is "GET" or "HEAD",
            _ => false,
        };
        if (!follow || response.Headers.Location is not { } location)
        {
            return null;
        }

        var next = location.IsAbsoluteUri ? location : new Uri(url, location);
        var downgraded = url.Scheme == "https" && next.Scheme != "https";
        return next.Scheme is "http" or "https" && !downgraded ? next : null;
    }

    private static HttpRequestMessage Request(HttpCall call, Uri url, CallRoute route)
    {
        var target = route.Url.UserInfo.Length == 0 ? route.Url : new UriBuilder(route.Url) { UserName = "", Password = "" }.Uri;
        var request = new HttpRequestMessage(new HttpMethod(call.Method), target)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        request.Headers.Host = route.Host;
        request.Headers.TryAddWithoutValidation("User-Agent", ProductAgent.Value);
        if (call.Body is { } body)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.TryAddWithoutValidation("Content-Type", call.ContentType);
        }

        if (url.UserInfo.Length > 0)
        {
            var user = Encoding.UTF8.GetBytes(Uri.UnescapeDataString(url.UserInfo));
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(user));
        }

        // What a caller added for one host is not for the host that this one redirects to.
        var foreign = url.Authority != call.Url.Authority;
        foreach (var (name, value) in call.Headers)
        {
            if (foreign && name.ToUpperInvariant() is "AUTHORIZATION" or "COOKIE")
            {
                continue;
            }

            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }
}
