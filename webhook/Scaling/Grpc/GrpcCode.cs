namespace CanaryFunctions.Webhook.Scaling.Grpc;

/// <summary>How a call ended, as gRPC numbers it; those that this server says.</summary>
internal enum GrpcCode
{
    Ok = 0,
    Unknown = 2,
    InvalidArgument = 3,
    DeadlineExceeded = 4,
    NotFound = 5,
    ResourceExhausted = 8,
    Unimplemented = 12,
    Internal = 13,
    Unavailable = 14,
}
