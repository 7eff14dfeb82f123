using CanaryFunctions.Core.Ports;
using Polly;
using Polly.Retry;

namespace CanaryFunctions.Platform.Http;

/// <summary>Calls hooks, metric servers and chats (contracts/hooks-alerts.md 1.2 and 1.3), and knows how each host is reached.</summary>
/// <param name="cluster">The way to the cluster's Services through its API server; null where there is none.</param>
/// <param name="pools">Connections that are shared with others, and theirs to dispose; null for its own.</param>
public sealed class HttpCaller(TimeProvider time, HttpCallerOptions? options = null, IServiceProxy? cluster = null, ConnectionPools? pools = null) : IHttpCaller, IDisposable
{
    private const int MaxRedirects = 10;

    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);

    private readonly HttpCallerOptions _options = options ?? new HttpCallerOptions();
    private readonly ConnectionPools? _own = pools is null ? new() : null;

    private ConnectionPools Pools => pools ?? _own!;

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
        catch (Exception e) when (e is HttpRequestException or IOException or TimeoutException or HttpCallException or NoWayException)
        {
            var cause = e is TimeoutException or HttpCallException or NoWayException ? e.Message : TransportErrors.Describe(e);
            var effort = attempts > 1 ? $" (gave up after {attempts} attempts)" : "";
            throw new HttpCallException($"{Asked(call)}: {cause}{effort}", e) { IsUnreachable = e is NoWayException };
        }
    }

    public void Dispose() => _own?.Dispose();

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
                    { Exception: TimeoutException or NoWayException { IsTransient: true } } => true,
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

    private async Task<HttpAnswer> FollowAsync(HttpCall call, CancellationToken ct)
    {
        var url = call.Url;
        for (var redirects = 0; ; redirects++)
        {
            var route = CallRoute.For(url, call.Proxy, CallRequest.HasCredentials(call, url), _options, cluster);
            using var request = CallRequest.Make(call, url, route);
            using var response = await SendAsync(call, route, request, ct);
            if (CallRequest.Next(call, url, route, response) is not { } next)
            {
                var answer = await BoundedBody.AnswerAsync(response, call.Method == "GET", time, ct);
                return route.Service is null ? answer : ProxyAnswer.OfService(answer);
            }

            if (redirects == MaxRedirects)
            {
                throw new HttpCallException($"stopped after {MaxRedirects} redirects");
            }

            url = next;
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpCall call, CallRoute route, HttpRequestMessage request, CancellationToken ct)
    {
        try
        {
            return route.Service is { } service
                ? await cluster!.SendAsync(service, request, ct)
                : await Pools.For(call.InsecureSkipVerify, route).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        }
        catch (HttpRequestException e) when (route.Detour is { } detour && (route.Service is not null || TransportErrors.IsNotConnected(e)))
        {
            // Not he who was called failed, but who was to pass the call on.
            throw new NoWayException($"no way through {detour}: {TransportErrors.Describe(e)}", !TransportErrors.IsUntrustedCertificate(e), e);
        }
    }
}
