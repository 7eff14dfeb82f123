using Google.Protobuf;

namespace CanaryFunctions.Webhook.Scaling.Grpc;

/// <summary>One method of a service: takes one message, gives one or many.</summary>
/// <param name="Path">As in <c>/package.Service/Method</c>.</param>
internal sealed record GrpcMethod(string Path, Func<HttpRequest, GrpcReplies, CancellationToken, Task> RunAsync)
{
    public static GrpcMethod Unary<TRequest, TReply>(string path, MessageParser<TRequest> parser, Func<TRequest, CancellationToken, Task<TReply>> answer)
        where TRequest : IMessage<TRequest>
        where TReply : IMessage<TReply>
        => new(path, async (request, replies, ct) =>
        {
            var message = await GrpcFrame.ReadSingleAsync(request.BodyReader, parser, ct);
            replies.WriteLast(await answer(message, ct));
        });

    /// <param name="run">Sends as many messages as it likes; the call ends when it returns.</param>
    public static GrpcMethod ServerStream<TRequest, TReply>(
        string path, MessageParser<TRequest> parser, Func<TRequest, Func<TReply, Task>, CancellationToken, Task> run)
        where TRequest : IMessage<TRequest>
        where TReply : IMessage<TReply>
        => new(path, async (request, replies, ct) =>
        {
            var message = await GrpcFrame.ReadSingleAsync(request.BodyReader, parser, ct);
            await run(message, reply => replies.SendAsync(reply, ct), ct);
        });
}
