using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Google.Protobuf;

namespace CanaryFunctions.Webhook.Scaling.Grpc;

/// <summary>
/// Messages on the wire: one byte that says whether the message is compressed, four of its length, big-endian, then the message. Frames of HTTP/2 do not matter:
/// a message may be spread over several of them.
/// </summary>
internal static class GrpcFrame
{
    /// <summary>
    /// The longest request, in bytes: many times a trigger's metadata. Below HTTP/2's window, so that a whole message fits into what a client may send before we take
    /// any of it.
    /// </summary>
    public const int MaxMessage = 256 * 1024;

    private const int Head = 5;

    /// <summary>The only message of a request.</summary>
    /// <exception cref="GrpcException">
    /// RESOURCE_EXHAUSTED: too long. UNIMPLEMENTED: compressed. INTERNAL: none, more than one, or not what gRPC's frames and Protocol Buffers look like.
    /// </exception>
    public static async Task<T> ReadSingleAsync<T>(PipeReader body, MessageParser<T> parser, CancellationToken ct)
        where T : IMessage<T>
    {
        while (true)
        {
            var read = await body.ReadAsync(ct);
            var length = LengthOf(read.Buffer);
            if (length is { } known && read.Buffer.Length > Head + known)
            {
                throw new GrpcException(GrpcCode.Internal, "The request has bytes behind its first message; it must have exactly one message.");
            }

            if (read.IsCompleted)
            {
                var message = Parse(read.Buffer, length, parser);
                body.AdvanceTo(read.Buffer.End);
                return message;
            }

            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>Adds a message to a response; the caller flushes.</summary>
    public static void Write(IBufferWriter<byte> body, IMessage message)
    {
        var length = message.CalculateSize();
        var frame = body.GetSpan(Head + length)[..(Head + length)];
        frame[0] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(frame[1..], (uint)length);
        message.WriteTo(frame[Head..]);
        body.Advance(frame.Length);
    }

    /// <summary>Null while the head is not complete.</summary>
    private static long? LengthOf(ReadOnlySequence<byte> buffer)
    {
        if (buffer.Length < Head)
        {
            return null;
        }

        Span<byte> head = stackalloc byte[Head];
        buffer.Slice(0, Head).CopyTo(head);
        var length = BinaryPrimitives.ReadUInt32BigEndian(head[1..]);
        return head[0] switch
        {
            1 => throw new GrpcException(GrpcCode.Unimplemented, "The request is compressed; this server takes no compression but 'identity'."),
            > 1 => throw new GrpcException(GrpcCode.Internal, $"The request's frame begins with {head[0]}; it must be 0, or 1 for compressed."),
            _ when length > MaxMessage => throw new GrpcException(GrpcCode.ResourceExhausted, $"The request's message has {length} bytes; at most {MaxMessage} are taken."),
            _ => length,
        };
    }

    private static T Parse<T>(ReadOnlySequence<byte> buffer, long? length, MessageParser<T> parser)
        where T : IMessage<T>
    {
        if (buffer.IsEmpty)
        {
            throw new GrpcException(GrpcCode.Internal, "The request has no message; it must have exactly one.");
        }

        if (length is null || buffer.Length < Head + length)
        {
            throw new GrpcException(GrpcCode.Internal, $"The request ended within a message, after {buffer.Length} bytes.");
        }

        try
        {
            return parser.ParseFrom(buffer.Slice(Head));
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new GrpcException(GrpcCode.Internal, $"The request's message is no {typeof(T).Name}: {e.Message}");
        }
    }
}
