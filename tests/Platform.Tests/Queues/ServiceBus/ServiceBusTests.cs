using CanaryFunctions.Core.Ports;
using CanaryFunctions.Platform.Queues;
using CanaryFunctions.Platform.Queues.Rest;
using CanaryFunctions.Platform.Queues.ServiceBus;
using CanaryFunctions.TestKit.ServiceBus;
using Microsoft.Extensions.Logging.Abstractions;

namespace CanaryFunctions.Platform.Tests.Queues.ServiceBus;

/// <summary>A stand-in, and our queue before it.</summary>
public abstract class ServiceBusTests : IAsyncLifetime
{
    private readonly List<ServiceBusStepQueue> _open = [];

    protected const string Steps = QueueNames.Steps;

    protected ServiceBusStandIn StandIn { get; private set; } = null!;

    protected IEnumerable<StandInRequest> Sends => StandIn.Requests.Where(r => r.Line.EndsWith("/messages", StringComparison.Ordinal));

    public async Task InitializeAsync()
    {
        StandIn = await ServiceBusStandIn.StartAsync(TimeProvider.System, new("all", "all-key", "Send", "Listen"), new("sender", "s+/=key", "Send"));
        StandIn.Create(Steps);
        StandIn.Create(PoisonQueue.For(Steps));
    }

    public async Task DisposeAsync()
    {
        _open.ForEach(q => q.Dispose());
        await StandIn.DisposeAsync();
    }

    internal ServiceBusStepQueue Open(
        Func<ServiceBusOptions, ServiceBusOptions>? change = null, TimeProvider? time = null, Func<ServerClock, IRequestSigner>? signer = null)
    {
        var options = new ServiceBusOptions { Endpoint = StandIn.Address, MaxDeliveries = 3, Http = new QueueHttpOptions { RetryDelay = TimeSpan.FromMilliseconds(10) } };
        options = change?.Invoke(options) ?? options;
        var queue = new ServiceBusStepQueue(
            options, signer ?? (clock => new SasSigner(StandIn.Address, "all", "all-key", clock)), time ?? TimeProvider.System, NullLogger<ServiceBusStepQueue>.Instance);
        _open.Add(queue);
        return queue;
    }

    internal static Task EnqueueAsync(IStepQueue queue, string id = "m-1", string body = "{}", DateTimeOffset? notBefore = null)
        => queue.EnqueueAsync(new QueueMessage(Steps, id, body, notBefore), CancellationToken.None);

    internal static Task<IMessageLease> ReceiveAsync(IQueueReceiver queue)
        => queue.ReceiveAsync(Steps, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20));
}
