using System.Globalization;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Platform.Queues;
using CanaryFunctions.TestKit.Queues;
using CanaryFunctions.TestKit.ServiceBus;

namespace CanaryFunctions.Workers.Tests.Queues;

/// <summary>The stand-in for Service Bus. It detects duplicates as the real one does; the copies are made behind that.</summary>
internal sealed class MeddledServiceBus : IMeddledQueue
{
    private readonly ServiceBusStandIn _service;
    private readonly IReadOnlyList<StandInQueue> _queues;

    private MeddledServiceBus(ServiceBusStandIn service, int seed)
    {
        (_service, Meddler, Line) = (service, new(seed), new(service.Address.Port));
        service.Fault = _ => IsBusy ? new StandInFault(503) : null;
        _queues = [.. QueueNames.All.SelectMany(name => (string[])[name, PoisonQueue.For(name)]).Select(Create)];
    }

    public string Name => "Service Bus stand-in";

    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["Canary__Queue"] = "servicebus",
        ["ServiceBus"] = _service.ConnectionString().Replace(_service.Address.Authority, string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Line.Port}"), StringComparison.Ordinal),
    };

    public Meddler Meddler { get; }

    public TcpRelay Line { get; }

    public bool IsBusy { get; set; }

    internal static async Task<MeddledServiceBus> StartAsync(int seed) => new(await ServiceBusStandIn.StartAsync(TimeProvider.System), seed);

    public Task<IReadOnlyDictionary<string, int>> LeftAsync() => Task.FromResult<IReadOnlyDictionary<string, int>>(
        _queues.ToDictionary(q => q.Name, q => q.Messages.Count + q.DeadLetters.Count).Where(q => q.Value > 0).ToDictionary());

    public async ValueTask DisposeAsync()
    {
        await Line.DisposeAsync();
        await _service.DisposeAsync();
    }

    // The lock is short, so that what a killed worker held comes again soon.
    private StandInQueue Create(string name)
    {
        var queue = _service.Create(name, new() { LockDuration = TimeSpan.FromSeconds(5), MaxDeliveryCount = 100 });
        queue.Meddle = message => Meddler.Next().Select(extra => extra == TimeSpan.Zero ? message : message with { ScheduledFor = Due(message) + extra });
        return queue;
    }

    private static DateTimeOffset Due(StandInMessage message)
        => message.ScheduledFor is { } due && due > TimeProvider.System.GetUtcNow() ? due : TimeProvider.System.GetUtcNow();
}
