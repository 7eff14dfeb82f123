using System.Net;
using CanaryFunctions.Platform.Http;
using Polly;
using Polly.Retry;

namespace CanaryFunctions.Platform.Queues.Rest;

/// <summary>Sends requests to one queue service, again where that cannot double anything. Thread-safe.</summary>
internal sealed class QueueHttp : IDisposable
{
    private const int LongestAnswer = 4 * 1024 * 1024;

    private readonly ConnectionPools _pools = new();
    private readonly IRequestSigner _signer;
    private readonly QueueHttpOptions _options;
    private readonly TimeProvider _time;
    private readonly ResiliencePipeline<QueueAnswer> _freely;
    private readonly ResiliencePipeline<QueueAnswer> _carefully;

    public QueueHttp(IRequestSigner signer, ServerClock clock, QueueHttpOptions options, TimeProvider time)
    {
        (_signer, Clock, _options, _time) = (signer, clock, options, time);
        _freely = Retries(IsTransient, e => e.IsTransient);
        _carefully = Retries(SaysThatNothingWasDone, e => e.InnerException is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError });
    }

    public ServerClock Clock { get; }

    /// <summary>Worth another try later: busy, or broken for the moment.</summary>
    public static bool IsTransient(QueueAnswer answer)
        => answer.Status is 408 or 429 or 500 or 502 or 503 or 504 || (answer.Status == 409 && answer.Code is "QueueBeingDeleted" or "QueueDisabled");

    /// <summary>Any answer comes back, errors too.</summary>
    /// <param name="make">Makes the request anew for each attempt.</param>
    /// <param name="wait">How long the service may hold the answer back, on top of the timeout.</param>
    /// <exception cref="QueueException">No answer.</exception>
    public async Task<QueueAnswer> SendAsync(Func<HttpRequestMessage> make, Repeat repeat, CancellationToken ct, TimeSpan wait = default) => repeat switch
    {
        Repeat.Never => await AskAsync(make, wait, ct),
        Repeat.Freely => await _freely.ExecuteAsync(async token => await AskAsync(make, wait, token), ct),
        _ => await _carefully.ExecuteAsync(async token => await AskAsync(make, wait, token), ct),
    };

    public void Dispose() => _pools.Dispose();

    private static bool SaysThatNothingWasDone(QueueAnswer answer)
        => answer.Status == 429 || (answer.Status == 503 && answer.Code is "" or "ServerBusy") || (answer.Status == 409 && IsTransient(answer));

    private static string Asked(HttpRequestMessage request) => $"{request.Method} {request.RequestUri!.GetLeftPart(UriPartial.Path)}";

    private ResiliencePipeline<QueueAnswer> Retries(Func<QueueAnswer, bool> answered, Func<QueueException, bool> unanswered)
    {
        var builder = new ResiliencePipelineBuilder<QueueAnswer> { TimeProvider = _time };
        if (_options.Attempts > 1)
        {
            builder.AddRetry(new RetryStrategyOptions<QueueAnswer>
            {
                MaxRetryAttempts = _options.Attempts - 1,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = _options.RetryDelay,
                MaxDelay = _options.LongestRetryAfter,
                ShouldHandle = args => ValueTask.FromResult(args.Outcome switch
                {
                    { Result: { } answer } => answered(answer) && !(answer.RetryAfter > _options.LongestRetryAfter),
                    { Exception: QueueException e } => unanswered(e),
                    _ => false,
                }),

                // Null leaves it to the back-off above.
                DelayGenerator = args => ValueTask.FromResult(args.Outcome.Result?.RetryAfter is { } asked && asked > TimeSpan.Zero ? asked : (TimeSpan?)null),
            });
        }

        return builder.Build();
    }

    /// <summary>Refused for its signature, the request was not done: it is worth one more try with a new one, by the service's clock.</summary>
    private async Task<QueueAnswer> AskAsync(Func<HttpRequestMessage> make, TimeSpan wait, CancellationToken ct)
    {
        var answer = await AttemptAsync(make, wait, ct);
        if (answer.Status == 401 || (answer.Status == 403 && answer.Code == "AuthenticationFailed"))
        {
            _signer.Forget();
            answer = await AttemptAsync(make, wait, ct);
        }

        return answer;
    }

    private async Task<QueueAnswer> AttemptAsync(Func<HttpRequestMessage> make, TimeSpan wait, CancellationToken ct)
    {
        using var request = make();
        var asked = Asked(request);
        using var limit = new CancellationTokenSource(_options.Timeout + wait, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            request.Version = HttpVersion.Version11;
            request.Headers.TryAddWithoutValidation("User-Agent", ProductAgent.Value);
            await _signer.SignAsync(request, either.Token);
            var client = _pools.For(insecure: false, new CallRoute(request.RequestUri!, null, null, UseEnvironment: true));
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            Clock.Observe(response.Headers.Date);
            await response.Content.LoadIntoBufferAsync(LongestAnswer, either.Token);
            var body = await response.Content.ReadAsByteArrayAsync(either.Token);
            return new QueueAnswer(asked, (int)response.StatusCode, response.Headers, body, RetryAfter(response), Clock.Ahead);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new QueueException($"{asked}: no answer within {(_options.Timeout + wait).TotalSeconds} s", isTransient: true, inner: e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new QueueException($"{asked}: {TransportErrors.Describe(e)}", !TransportErrors.IsUntrustedCertificate(e), inner: e);
        }
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - Clock.Now,
        _ => null,
    };
}
