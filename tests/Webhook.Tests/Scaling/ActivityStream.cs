using System.Buffers.Binary;
using CanaryFunctions.Webhook.Scaling.Messages;

namespace CanaryFunctions.Webhook.Tests.Scaling;

/// <summary>An open <c>StreamIsActive</c>.</summary>
internal sealed class ActivityStream : IDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly Stream _body;

    private ActivityStream(HttpResponseMessage response, Stream body) => (_response, _body) = (response, body);

    public static Task<ActivityStream> OpenAsync(RunningScaler scaler, params (string Key, string Value)[] metadata) => OpenAsync(scaler.Client, metadata);

    public static async Task<ActivityStream> OpenAsync(GrpcClient client, params (string Key, string Value)[] metadata)
    {
        using var request = GrpcClient.Request("StreamIsActive", new ByteArrayContent(GrpcClient.Frame(RunningScaler.Trigger(metadata))));
        var response = await client.OpenAsync(request);
        return new(response, await response.Content.ReadAsStreamAsync());
    }

    /// <summary>What is told next; null at the end. Fails after ten seconds.</summary>
    public async Task<bool?> NextAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var head = new byte[5];
        if (await _body.ReadAtLeastAsync(head, 5, throwOnEndOfStream: false, limit.Token) == 0)
        {
            return null;
        }

        var message = new byte[BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(1))];
        await _body.ReadExactlyAsync(message, limit.Token);
        return IsActiveResponse.Parser.ParseFrom(message).Result;
    }

    /// <summary>Once <see cref="NextAsync"/> gave null.</summary>
    public string Status => _response.TrailingHeaders.TryGetValues("grpc-status", out var trailer) ? trailer.Single() : _response.Headers.GetValues("grpc-status").Single();

    public void Dispose() => _response.Dispose();
}
