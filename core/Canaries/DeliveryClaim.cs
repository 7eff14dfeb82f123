namespace CanaryFunctions.Core.Canaries;

/// <summary>Somebody is telling a receiver; nobody else does until it is recorded, given back, or the time is over.</summary>
/// <param name="Id">Of the delivery, as <see cref="CanaryStatus.Deliveries"/> has it.</param>
/// <param name="Until">Wall clock. Whoever holds it for longer may have died.</param>
public sealed record DeliveryClaim(string Id, DateTimeOffset Until);
