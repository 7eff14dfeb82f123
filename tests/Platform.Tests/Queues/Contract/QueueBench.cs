using CanaryFunctions.Core.Ports;
using CanaryFunctions.Platform.Queues;

namespace CanaryFunctions.Platform.Tests.Queues.Contract;

/// <summary>A queue to be tested: three failures kill a message, and its times are as short as it can have them.</summary>
internal abstract class QueueBench : IAsyncDisposable
{
    public const int MaxDeliveries = 3;

    public required IStepQueue Sender { get; init; }

    public required IQueueReceiver Receiver { get; init; }

    /// <summary>Does not renew locks, as a process that died does not.</summary>
    public required IQueueReceiver DyingReceiver { get; init; }

    /// <summary>How long a message is locked, and the delay that tests ask for.</summary>
    public required TimeSpan Lock { get; init; }

    /// <summary>The queue drops a message whose id it knows, and gives our ids back.</summary>
    public bool KnowsIds { get; init; } = true;

    /// <summary>Bodies of messages that were given up.</summary>
    public abstract Task<IReadOnlyList<string>> PoisonedAsync(string queue);

    /// <summary>No request gets anywhere until <see cref="Mend"/>.</summary>
    public abstract void Break();

    public abstract void Mend();

    public abstract ValueTask DisposeAsync();
}
