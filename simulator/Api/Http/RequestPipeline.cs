using System.Collections.Concurrent;
using CanaryFunctions.Simulator.Api.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Simulator.Api.Http;

/// <summary>Around every request: who asks, the test's faults, errors as Status objects, the request log.</summary>
internal sealed class RequestPipeline(ApiRouter router, ApiServerOptions options, Func<string, ApiUser?> users, ILogger logger)
{
    private readonly ConcurrentQueue<ApiRequest> _log = [];

    /// <summary>Finished requests, oldest first.</summary>
    public IReadOnlyList<ApiRequest> Requests => [.. _log];

    public void ForgetRequests() => _log.Clear();

    public async Task RunAsync(HttpContext http)
    {
        var authentication = Authentication.Of(http.Request, users);
        var described = ApiRouter.Describe(http, authentication.User);
        var fault = options.Faults?.Invoke(described);
        try
        {
            await BeforeAsync(fault, http);
            var reply = fault is { Status: > 0 } ? Injected(fault, http) : await AnswerAsync(http, authentication, described);
            if (fault?.After is { } after)
            {
                await after(http.RequestAborted);
            }

            if (fault is { DropAfter: true })
            {
                http.Abort();
                Record(described);
                return;
            }

            await reply.WriteAsync(http);
            Record(described with { Status = reply.Code });
        }
        catch (ConnectionDropped)
        {
            http.Abort();
            Record(described);
        }
        catch (Exception e) when (http.RequestAborted.IsCancellationRequested && e is OperationCanceledException or IOException)
        {
            // The client went away, as watchers do; there is nobody left to answer.
            Record(described with { Status = http.Response.HasStarted ? http.Response.StatusCode : 0 });
        }
    }

    private async Task BeforeAsync(Fault? fault, HttpContext http)
    {
        if (fault is null)
        {
            return;
        }

        if (fault.Delay > TimeSpan.Zero)
        {
            await Task.Delay(fault.Delay, options.TimeProvider, http.RequestAborted);
        }

        if (fault.Before is { } before)
        {
            await before(http.RequestAborted);
        }

        if (fault.DropBefore)
        {
            throw new ConnectionDropped();
        }
    }

    private static Reply Injected(Fault fault, HttpContext http)
    {
        if (fault.RetryAfter is { } seconds)
        {
            http.Response.Headers.RetryAfter = $"{seconds}";
        }

        var reason = fault.Status switch
        {
            StatusCodes.Status409Conflict => "Conflict",
            StatusCodes.Status429TooManyRequests => "TooManyRequests",
            StatusCodes.Status503ServiceUnavailable => "ServiceUnavailable",
            _ => "InternalError",
        };
        return Reply.Json(new ApiError((System.Net.HttpStatusCode)fault.Status, reason, $"injected fault: {fault.Status}").ToStatus(), fault.Status);
    }

    private async Task<Reply> AnswerAsync(HttpContext http, Authentication authentication, ApiRequest described)
    {
        try
        {
            return await router.AnswerAsync(http, authentication);
        }
        catch (ApiError e)
        {
            return Reply.Json(e.ToStatus(), e.Code);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            logger.RequestFailed(described.Verb, described.Path, e);
            return Reply.Json(ApiError.Internal(e.Message).ToStatus(), StatusCodes.Status500InternalServerError);
        }
    }

    private void Record(ApiRequest request)
    {
        _log.Enqueue(request);
        while (_log.Count > options.RequestLogLimit)
        {
            _log.TryDequeue(out _);
        }

        options.OnRequest?.Invoke(request);
    }

    private sealed class ConnectionDropped : Exception;
}
