using CanaryFunctions.Platform.Queues.Rest;

namespace CanaryFunctions.Platform.Queues.Settings;

/// <summary>Which service, and by what right.</summary>
/// <param name="Signer">Made once, by the one that makes the requests: it needs the service's clock.</param>
internal sealed record QueueConnection(Uri Endpoint, Func<ServerClock, TimeProvider, IRequestSigner> Signer);
