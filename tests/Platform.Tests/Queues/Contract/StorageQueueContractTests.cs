using CanaryFunctions.Core.Ports;
using CanaryFunctions.Platform.Queues;
using CanaryFunctions.Platform.Queues.Rest;
using CanaryFunctions.Platform.Queues.StorageQueue;
using CanaryFunctions.TestKit.Queues;

namespace CanaryFunctions.Platform.Tests.Queues.Contract;

[Needs("azurite-queue")]
public sealed class StorageQueueContractTests(Azurite azurite) : RemoteQueueContract, IClassFixture<Azurite>
{
    internal override Task<QueueBench> OpenAsync(TimeSpan shortest)
    {
        var relay = new TcpRelay(azurite.Endpoint.Port);
        var options = new StorageQueueOptions
        {
            Endpoint = new UriBuilder(azurite.Endpoint) { Port = relay.Port }.Uri,
            VisibilityTimeout = shortest,
            MaxDeliveries = QueueBench.MaxDeliveries,
            LongestPause = TimeSpan.FromMilliseconds(100),
            Http = new QueueHttpOptions { Attempts = 2, RetryDelay = TimeSpan.FromMilliseconds(20) },
        };
        var (queue, dying) = (Azurite.Open(options), Azurite.Open(options with { RenewFor = TimeSpan.Zero }));
        return Task.FromResult<QueueBench>(new StorageBench(azurite, relay, queue, dying) { Sender = queue, Receiver = queue, DyingReceiver = dying, Lock = shortest, KnowsIds = false });
    }

    private sealed class StorageBench(Azurite azurite, TcpRelay relay, StorageStepQueue queue, StorageStepQueue dying) : QueueBench
    {
        // Nothing says that a queue is empty but a while of silence: what was sent last comes last.
        public override async Task<IReadOnlyList<string>> PoisonedAsync(string name)
        {
            var (poison, bodies) = (PoisonQueue.For(name), new List<string>());
            await queue.EnqueueAsync(new QueueMessage(poison, "end", "end"), CancellationToken.None);
            while (bodies.LastOrDefault() != "end")
            {
                var lease = await queue.ReceiveAsync(poison, CancellationToken.None);
                await lease.CompleteAsync();
                bodies.Add(lease.Message.Body);
            }

            return bodies[..^1];
        }

        public override void Break() => relay.Cut();

        public override void Mend() => relay.Mend();

        public override async ValueTask DisposeAsync()
        {
            queue.Dispose();
            dying.Dispose();
            await relay.DisposeAsync();
            await azurite.ClearAsync();
        }
    }
}
