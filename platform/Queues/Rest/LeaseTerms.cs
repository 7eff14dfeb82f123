using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Platform.Queues.Rest;

/// <summary>On what terms a service lends a message.</summary>
/// <param name="Queue">Name, for logs.</param>
/// <param name="Lock">How long the service keeps it from others, from now and from each renewal.</param>
/// <param name="RenewFor">How long it is renewed; after that whoever handles it is taken for dead.</param>
/// <param name="MaxDeliveries">After so many failures it goes to the poison queue.</param>
internal sealed record LeaseTerms(string Queue, TimeSpan Lock, TimeSpan RenewFor, int MaxDeliveries, TimeProvider Time, ILogger Logger);
