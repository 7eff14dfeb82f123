namespace CanaryFunctions.Functions.Tests.Host;

/// <summary>
/// The host's Storage queue trigger on one message (contracts/azure-keda.md 1.7): deleted on success; else it is hidden for host.json's visibilityTimeout and
/// comes again, and after maxDequeueCount deliveries it goes to the poison queue. The waits are added up, not waited for.
/// </summary>
/// <param name="Deliveries">How often the function was called.</param>
/// <param name="Waited">Between them.</param>
/// <param name="PoisonQueue">Where the message went; null when it was deleted.</param>
internal sealed record StorageDelivery(int Deliveries, TimeSpan Waited, string? PoisonQueue)
{
    internal static async Task<StorageDelivery> RunAsync(StandInHost host, FunctionFile function, string body)
    {
        var now = TimeProvider.System.GetUtcNow();
        for (var delivery = 1; ; delivery++)
        {
            var waited = host.File.VisibilityTimeout * (delivery - 1);
            var message = new HostMessage(body, "1a6ba1f3-f7d3-49a3-a752-ff1bd0829e51", delivery, delivery, now, "receipt");
            if ((await host.InvokeAsync(function, Envelope.Of(function, message, now + waited))).IsSuccess)
            {
                return new(delivery, waited, null);
            }

            if (delivery >= host.File.MaxDequeueCount)
            {
                return new(delivery, waited, $"{function.Queue}-poison");
            }
        }
    }
}
