using Google.Protobuf;

namespace CanaryFunctions.Webhook.Scaling.Grpc;

/// <summary>The messages of one response. For one writer.</summary>
internal sealed class GrpcReplies(HttpResponse response)
{
    /// <summary>Whether a message was written, so that the status can come behind the messages only.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Leaves the server together with the status.</summary>
    public void WriteLast(IMessage message)
    {
        HasBegun = true;
        GrpcFrame.Write(response.BodyWriter, message);
    }

    /// <summary>Leaves the server at once.</summary>
    public async Task SendAsync(IMessage message, CancellationToken ct)
    {
        HasBegun = true;
        GrpcFrame.Write(response.BodyWriter, message);
        await response.BodyWriter.FlushAsync(ct);
    }
}
