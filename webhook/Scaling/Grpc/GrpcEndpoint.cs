using System.Collections.Frozen;
using System.Globalization;

namespace CanaryFunctions.Webhook.Scaling.Grpc;

/// <summary>
/// Calls methods as gRPC over HTTP/2 wants it: one frame in, frames out, the status in trailers; or, where no message was sent, in the headers. Whatever happens,
/// a call that somebody still waits for ends with a status.
/// </summary>
internal sealed class GrpcEndpoint(IEnumerable<GrpcMethod> methods, TimeProvider time, ILogger<GrpcEndpoint> logger)
{
    private const string MediaType = "application/grpc";

    private readonly FrozenDictionary<string, GrpcMethod> _methods = methods.ToFrozenDictionary(m => m.Path, StringComparer.Ordinal);

    public async Task HandleAsync(HttpContext http)
    {
        if (!HttpMethods.IsPost(http.Request.Method))
        {
            http.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            http.Response.Headers.Allow = HttpMethods.Post;
            return;
        }

        if (!IsGrpc(http.Request.ContentType))
        {
            http.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        http.Response.ContentType = MediaType;
        var replies = new GrpcReplies(http.Response);
        if (await StatusAsync(http, replies) is var (code, message))
        {
            End(http.Response, replies.HasBegun, code, message);
        }
    }

    /// <summary><c>application/grpc</c> with or without <c>+proto</c> and parameters. Other suffixes are other encodings, <c>application/grpc-web</c> is another protocol.</summary>
    private static bool IsGrpc(string? contentType)
    {
        var media = contentType.AsSpan();
        media = (media.IndexOf(';') is var end and >= 0 ? media[..end] : media).Trim();
        return media.Equals(MediaType, StringComparison.OrdinalIgnoreCase) || media.Equals($"{MediaType}+proto", StringComparison.OrdinalIgnoreCase);
    }

    private static void End(HttpResponse response, bool hasBegun, GrpcCode code, string message)
    {
        if (code == GrpcCode.Unimplemented)
        {
            // Tells a client that compressed its request what to send instead. Headers may be out already; such a client sees the message.
            Set(response, hasBegun, "grpc-accept-encoding", "identity");
        }

        Set(response, hasBegun, "grpc-status", ((int)code).ToString(CultureInfo.InvariantCulture));
        if (message.Length > 0)
        {
            Set(response, hasBegun, "grpc-message", GrpcStatusText.Encode(message));
        }
    }

    private static void Set(HttpResponse response, bool hasBegun, string name, string value)
    {
        if (hasBegun)
        {
            response.AppendTrailer(name, value);
        }
        else
        {
            response.Headers[name] = value;
        }
    }

    /// <summary>Runs the call; null when its caller went away.</summary>
    private async Task<(GrpcCode Code, string Message)?> StatusAsync(HttpContext http, GrpcReplies replies)
    {
        var request = http.Request;
        try
        {
            var method = _methods.GetValueOrDefault(request.Path.Value ?? "")
                ?? throw new GrpcException(GrpcCode.Unimplemented, $"'{request.Path}' is not a method of this server.");
            await RunAsync(method, http, replies);
            return (GrpcCode.Ok, "");
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested)
        {
            // Whatever it is, it comes of the caller's going, and there is nobody to tell.
            return null;
        }
        catch (GrpcException e)
        {
            logger.CallRefused(request.Path, e.Code, e.Message);
            return (e.Code, e.Message);
        }
        catch (BadHttpRequestException e)
        {
            logger.CallRefused(request.Path, GrpcCode.Internal, e.Message);
            return (GrpcCode.Internal, e.Message);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            logger.CallFailed(e, request.Path);
            return (GrpcCode.Unknown, "The call failed; the server's log has the reason.");
        }
    }

    private async Task RunAsync(GrpcMethod method, HttpContext http, GrpcReplies replies)
    {
        if (GrpcTimeout.Read(http.Request.Headers["grpc-timeout"]) is not { } timeout)
        {
            await method.RunAsync(http.Request, replies, http.RequestAborted);
            return;
        }

        using var deadline = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, deadline.Token);
        try
        {
            await method.RunAsync(http.Request, replies, either.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            throw new GrpcException(GrpcCode.DeadlineExceeded, $"The call took longer than the {timeout.TotalMilliseconds} ms that it was given.");
        }
    }
}
