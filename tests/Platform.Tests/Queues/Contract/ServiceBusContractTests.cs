using CanaryFunctions.Platform.Queues;
using CanaryFunctions.Platform.Queues.Rest;
using CanaryFunctions.Platform.Queues.ServiceBus;
using CanaryFunctions.TestKit.ServiceBus;
using Microsoft.Extensions.Logging.Abstractions;

namespace CanaryFunctions.Platform.Tests.Queues.Contract;

public sealed class ServiceBusContractTests : RemoteQueueContract
{
    internal override async Task<QueueBench> OpenAsync(TimeSpan shortest)
    {
        var standIn = await ServiceBusStandIn.StartAsync(TimeProvider.System);
        standIn.Create(Steps, new StandInQueueOptions { LockDuration = shortest });
        standIn.Create(PoisonQueue.For(Steps));
        var options = new ServiceBusOptions
        {
            Endpoint = standIn.Address,
            MaxDeliveries = QueueBench.MaxDeliveries,
            Http = new QueueHttpOptions { Attempts = 2, RetryDelay = TimeSpan.FromMilliseconds(20) },
        };
        var (queue, dying) = (Open(options), Open(options with { RenewFor = TimeSpan.Zero }));
        return new ServiceBusBench(standIn, queue, dying) { Sender = queue, Receiver = queue, DyingReceiver = dying, Lock = shortest };
    }

    private static ServiceBusStepQueue Open(ServiceBusOptions options)
        => new(options, clock => new SasSigner(options.Endpoint, "all", "all-key", clock), TimeProvider.System, NullLogger<ServiceBusStepQueue>.Instance);

    private sealed class ServiceBusBench(ServiceBusStandIn standIn, ServiceBusStepQueue queue, ServiceBusStepQueue dying) : QueueBench
    {
        public override Task<IReadOnlyList<string>> PoisonedAsync(string name)
            => Task.FromResult<IReadOnlyList<string>>([.. standIn.Queue(PoisonQueue.For(name)).Messages.Select(m => m.Text)]);

        public override void Break() => standIn.Fault = _ => new StandInFault(503);

        public override void Mend() => standIn.Fault = _ => null;

        public override async ValueTask DisposeAsync()
        {
            queue.Dispose();
            dying.Dispose();
            await standIn.DisposeAsync();
        }
    }
}
