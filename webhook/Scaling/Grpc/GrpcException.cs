namespace CanaryFunctions.Webhook.Scaling.Grpc;

/// <summary>Ends a call with a status other than OK. The message goes to the caller.</summary>
internal sealed class GrpcException(GrpcCode code, string message) : Exception(message)
{
    public GrpcCode Code { get; } = code;
}
