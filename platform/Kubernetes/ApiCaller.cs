using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Platform.Http;
using Polly;
using Polly.Retry;

namespace CanaryFunctions.Platform.Kubernetes;

/// <summary>Sends requests to one API server, again where that cannot do harm.</summary>
internal sealed class ApiCaller : IDisposable
{
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http;
    private readonly Uri _server;
    private readonly KubernetesClientOptions _options;
    private readonly TimeProvider _time;
    private readonly ResiliencePipeline<ApiAnswer> _reads;
    private readonly ResiliencePipeline<ApiAnswer> _writes;

    public ApiCaller(KubeConnection connection, KubernetesClientOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        _server = new Uri(connection.Server.AbsoluteUri.TrimEnd('/'));
        HttpMessageHandler handler = new KubeTransport(connection);
        foreach (var outer in options.Handlers.Reverse())
        {
            outer.InnerHandler = handler;
            handler = outer;
        }

        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _reads = Retries(answer => answer.IsThrottled || answer.IsServerError, noAnswer: true);
        _writes = Retries(answer => answer.IsThrottled, noAnswer: false);
    }

    /// <summary>GET, again after no answer, 429 and 5xx.</summary>
    public async Task<ApiAnswer> ReadAsync(string path, string accept, CancellationToken ct)
        => await _reads.ExecuteAsync(async token => await SendOnceAsync(HttpMethod.Get, path, null, null, accept, token), ct);

    /// <summary>A write, again after 429 only: then the server has done nothing.</summary>
    public async Task<ApiAnswer> WriteAsync(HttpMethod method, string path, JsonObject? body, string contentType, CancellationToken ct)
        => await _writes.ExecuteAsync(async token => await SendOnceAsync(method, path, body, contentType, ApiPaths.Json, token), ct);

    /// <summary>GET whose body is read by the caller. No retry.</summary>
    /// <exception cref="ClusterException">Refused, or no answer.</exception>
    public async Task<HttpResponseMessage> OpenAsync(string path, string accept, CancellationToken ct)
    {
        using var request = Request(HttpMethod.Get, path, null, null, accept);
        try
        {
            var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
            if (response.IsSuccessStatusCode)
            {
                return response;
            }

            using (response)
            {
                throw (await AnswerAsync(response, Asked(HttpMethod.Get, path), ct)).Error();
            }
        }
        catch (Exception e) when (IsNoAnswer(e))
        {
            throw NoAnswer(Asked(HttpMethod.Get, path), e);
        }
    }

    /// <summary>Sends a request that somebody else made. No retry, and any answer is one.</summary>
    public Task<HttpResponseMessage> ForwardAsync(HttpRequestMessage request, CancellationToken ct)
        => _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);

    /// <summary>The URL of a path of the API.</summary>
    public Uri UrlOf(string path) => new(_server.AbsoluteUri.TrimEnd('/') + path);

    /// <summary>Wait before attempt <paramref name="attempt"/> + 2 (0 before the second).</summary>
    public TimeSpan Delay(int attempt) => Smaller(_options.RetryDelay * Math.Pow(2, Math.Min(attempt, 16)), LongestDelay);

    public void Dispose() => _http.Dispose();

    internal static bool IsNoAnswer(Exception e) => e is HttpRequestException or IOException or KubeConfigException;

    internal static ClusterException NoAnswer(string asked, Exception e) => e is KubeConfigException
        ? new ClusterException(0, "NoCredentials", $"{asked}: {e.Message}", e)
        : new ClusterException(0, "NoAnswer", $"{asked}: {TransportErrors.Describe(e)}", e);

    private static TimeSpan Smaller(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private async Task<ApiAnswer> SendOnceAsync(HttpMethod method, string path, JsonObject? body, string? contentType, string accept, CancellationToken ct)
    {
        using var request = Request(method, path, body, contentType, accept);
        using var limit = new CancellationTokenSource(_options.RequestTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return await AnswerAsync(response, Asked(method, path), either.Token);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new ClusterException(0, "Timeout", $"{Asked(method, path)}: no answer within {_options.RequestTimeout.TotalSeconds} s", e);
        }
        catch (Exception e) when (IsNoAnswer(e))
        {
            throw NoAnswer(Asked(method, path), e);
        }
    }

    private HttpRequestMessage Request(HttpMethod method, string path, JsonObject? body, string? contentType, string accept)
    {
        var request = new HttpRequestMessage(method, UrlOf(path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        request.Headers.TryAddWithoutValidation("Accept", accept);
        request.Headers.TryAddWithoutValidation("User-Agent", ProductAgent.Value);
        if (body is not null)
        {
            var buffer = new ArrayBufferWriter<byte>();
            using (var writer = new Utf8JsonWriter(buffer))
            {
                body.WriteTo(writer);
            }

            request.Content = new ReadOnlyMemoryContent(buffer.WrittenMemory);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(contentType ?? ApiPaths.Json);
        }

        return request;
    }

    private async Task<ApiAnswer> AnswerAsync(HttpResponseMessage response, string asked, CancellationToken ct)
        => new(asked, (int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(ct), RetryAfter(response.Headers.RetryAfter));

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? header)
        => header?.Delta ?? (header?.Date is { } date ? date - _time.GetUtcNow() : null);

    private string Asked(HttpMethod method, string path) => $"{method} {_server.GetLeftPart(UriPartial.Authority)}{path.Split('?')[0]}";

    private ResiliencePipeline<ApiAnswer> Retries(Func<ApiAnswer, bool> again, bool noAnswer)
    {
        var builder = new ResiliencePipelineBuilder<ApiAnswer> { TimeProvider = _time };
        if (_options.MaxAttempts > 1)
        {
            builder.AddRetry(new RetryStrategyOptions<ApiAnswer>
            {
                MaxRetryAttempts = _options.MaxAttempts - 1,
                ShouldHandle = args => ValueTask.FromResult(args.Outcome switch
                {
                    { Result: { } answer } => again(answer),
                    { Exception: ClusterException { StatusCode: 0 } } => noAnswer,
                    _ => false,
                }),
                DelayGenerator = args => ValueTask.FromResult<TimeSpan?>(
                    args.Outcome.Result?.RetryAfter is { } asked && asked > TimeSpan.Zero ? Smaller(asked, LongestRetryAfter) : Delay(args.AttemptNumber)),
            });
        }

        return builder.Build();
    }
}
