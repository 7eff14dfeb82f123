using CanaryFunctions.Core.Sweeping;
using CanaryFunctions.Core.Tests.Engine;

namespace CanaryFunctions.Core.Tests.Sweeping;

public sealed class SweepDutyTests
{
    private static readonly SweepOptions Options = new() { Identity = "one", LeaseNamespace = World.Namespace };

    [Fact]
    public async Task ClockSetBackAnHour_SweepsAsOftenAsBefore()
    {
        var world = await new World().InitializedAsync();
        world.SetImage("podinfo:2");
        await world.RunAsync(() => world.Status.CanaryWeight == 20);
        using var stop = new CancellationTokenSource();
        var duty = SweepDuty.For(world.Services, Options, takesOver: false).RunAsync(stop.Token);
        await NextFindAsync(world);

        world.Clock.SetBack(TimeSpan.FromHours(1));
        var started = world.Clock.GetTimestamp();
        await NextFindAsync(world);

        world.Clock.GetElapsedTime(started).ShouldBeLessThanOrEqualTo(2 * Options.Period);
        await stop.CancelAsync();
        await duty;
    }

    /// <summary>Loses all messages, and lets time pass until a sweep sends one in their place.</summary>
    private static async Task NextFindAsync(World world)
    {
        while (world.Queue.TakeNext() is { } message)
        {
            world.Queue.Lose(message);
        }

        var found = new TaskCompletionSource();
        world.Queue.AfterEnqueue = _ =>
        {
            found.TrySetResult();
            return Task.CompletedTask;
        };
        await world.Clock.AdvanceUntilAsync(found.Task, TimeSpan.FromSeconds(1));
    }
}
