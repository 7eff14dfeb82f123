using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using CanaryFunctions.Webhook.Scaling.Grpc;
using Google.Protobuf;

namespace CanaryFunctions.Webhook.Tests.Scaling;

/// <summary>Calls gRPC by hand, so that it can also be done wrong.</summary>
internal sealed class GrpcClient(Uri address, HttpMessageHandler? handler = null) : IDisposable
{
    private readonly HttpClient _http = new(handler ?? new SocketsHttpHandler { UseProxy = false })
    {
        BaseAddress = address,
        DefaultRequestVersion = HttpVersion.Version20,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        Timeout = TimeSpan.FromSeconds(10),
    };

    public static byte[] Frame(IMessage message)
    {
        var body = new ArrayBufferWriter<byte>();
        GrpcFrame.Write(body, message);
        return body.WrittenSpan.ToArray();
    }

    /// <param name="path">A method of the scaler, or a whole path.</param>
    public async Task<GrpcAnswer> CallAsync(string path, byte[] body, string? contentType = "application/grpc", string? timeout = null)
    {
        using var request = Request(path, new ByteArrayContent(body), contentType);
        if (timeout is not null)
        {
            request.Headers.Add("grpc-timeout", timeout);
        }

        return await SendAsync(request);
    }

    public Task<GrpcAnswer> CallAsync(string method, IMessage message, string? timeout = null) => CallAsync(method, Frame(message), timeout: timeout);

    public async Task<GrpcAnswer> SendAsync(HttpRequestMessage request)
    {
        using var response = await _http.SendAsync(request);
        return await GrpcAnswer.ReadAsync(response);
    }

    /// <summary>The answer as soon as its headers are there.</summary>
    public async Task<HttpResponseMessage> OpenAsync(HttpRequestMessage request, CancellationToken ct = default)
        => await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);

    /// <param name="path">A method of the scaler, or a path, or a whole URL.</param>
    public static HttpRequestMessage Request(string path, HttpContent content, string? contentType = "application/grpc")
    {
        content.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);
        return new(HttpMethod.Post, path.Contains('/', StringComparison.Ordinal) ? path : $"/externalscaler.ExternalScaler/{path}")
        {
            Content = content,
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
    }

    public void Dispose() => _http.Dispose();
}
