using CanaryFunctions.Platform.Queues;

namespace CanaryFunctions.Platform.Tests.Queues.Contract;

/// <summary>What queues have to do that can be out of reach.</summary>
public abstract class RemoteQueueContract : StepQueueContract
{
    [ContractFact]
    public async Task Outage_FailsWhoSends_AndWhoReceivesWaitsItOut()
    {
        var receiving = ReceiveAsync();
        Bench.Break();

        var error = await Should.ThrowAsync<QueueException>(() => EnqueueAsync("lost"));
        error.IsTransient.ShouldBeTrue();
        error.Message.ShouldContain(Steps);

        Bench.Mend();
        await EnqueueAsync("m-1");
        var lease = await receiving;
        (lease.Message.Body == Body("m-1") || lease.Message.Body == Body("lost")).ShouldBeTrue("a send without an answer may have been done");
    }

    [ContractFact]
    public async Task Outage_WhileAMessageIsHandled_ItComesAgain()
    {
        await EnqueueAsync("m-1");
        var lease = await Bench.DyingReceiver.ReceiveAsync(Steps, CancellationToken.None);
        Bench.Break();

        await lease.CompleteAsync();   // does not throw: the handler's work is done, and the queue will see
        Bench.Mend();

        (await ReceiveAsync()).Message.Body.ShouldBe(Body("m-1"));
    }
}
