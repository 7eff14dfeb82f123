using CanaryFunctions.Platform.Queues.InProcess;

namespace CanaryFunctions.Platform.Tests.Queues.Contract;

public sealed class InProcessQueueContractTests : StepQueueContract
{
    internal override Task<QueueBench> OpenAsync(TimeSpan shortest)
    {
        var time = TimeSpan.FromMilliseconds(300);
        var dying = new InProcessQueue(TimeProvider.System, new InProcessQueueOptions { MaxDeliveries = QueueBench.MaxDeliveries, VisibilityTimeout = time * 4 });
        return Task.FromResult<QueueBench>(new InProcessBench(dying) { Sender = dying, Receiver = dying, DyingReceiver = dying, Lock = time });
    }

    private sealed class InProcessBench(InProcessQueue queue) : QueueBench
    {
        public override Task<IReadOnlyList<string>> PoisonedAsync(string name)
            => Task.FromResult<IReadOnlyList<string>>([.. queue.DeadLetters(name).Select(d => d.Message.Body)]);

        public override void Break() => throw new NotSupportedException("A queue in the process is never out of reach.");

        public override void Mend() => throw new NotSupportedException("A queue in the process is never out of reach.");

        public override ValueTask DisposeAsync()
        {
            queue.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
