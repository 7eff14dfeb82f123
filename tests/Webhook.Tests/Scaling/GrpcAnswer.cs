using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using Google.Protobuf;

namespace CanaryFunctions.Webhook.Tests.Scaling;

/// <summary>A whole answer as it came over the wire.</summary>
internal sealed record GrpcAnswer(HttpStatusCode Http, HttpResponseMessage Raw, byte[] Body)
{
    /// <summary>Null when there is none.</summary>
    public int? Status => Find("grpc-status") is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    public string Message => Uri.UnescapeDataString(Find("grpc-message") ?? "");

    /// <summary>Whether the status came in the headers, with nothing behind them.</summary>
    public bool IsTrailersOnly => Raw.Headers.Contains("grpc-status") && !Raw.TrailingHeaders.Any() && Body.Length == 0;

    public static async Task<GrpcAnswer> ReadAsync(HttpResponseMessage response)
        => new(response.StatusCode, response, await response.Content.ReadAsByteArrayAsync());

    /// <summary>The only message.</summary>
    public T Single<T>(MessageParser<T> parser)
        where T : IMessage<T>
    {
        Status.ShouldBe(0, Message);
        Body[0].ShouldBe((byte)0);
        BinaryPrimitives.ReadUInt32BigEndian(Body.AsSpan(1)).ShouldBe((uint)(Body.Length - 5));
        return parser.ParseFrom(Body.AsSpan(5));
    }

    private string? Find(string name)
        => Raw.TrailingHeaders.TryGetValues(name, out var trailer) ? trailer.Single() : Raw.Headers.TryGetValues(name, out var header) ? header.Single() : null;
}
