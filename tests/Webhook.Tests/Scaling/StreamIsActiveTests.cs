using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.TestKit;

namespace CanaryFunctions.Webhook.Tests.Scaling;

/// <summary>What KEDA hears without asking.</summary>
public sealed class StreamIsActiveTests
{
    [Fact]
    public async Task Stream_Opened_TellsTheStateAtOnce()
    {
        await using var scaler = await RunningScaler.StartAsync();
        using var idle = await ActivityStream.OpenAsync(scaler);
        (await idle.NextAsync()).ShouldBe(false);

        scaler.Tell(Works.Canary(CanaryPhase.Progressing));
        using var busy = await ActivityStream.OpenAsync(scaler);
        (await busy.NextAsync()).ShouldBe(true);
    }

    [Fact]
    public async Task Stream_Hint_IsPushed()
    {
        await using var scaler = await RunningScaler.StartAsync();
        using var stream = await ActivityStream.OpenAsync(scaler);
        (await stream.NextAsync()).ShouldBe(false);

        await scaler.Server.Hinting(new FakeQueue(TimeProvider.System)).EnqueueAsync(new(QueueNames.Steps, "hint", "{}"), CancellationToken.None);

        (await stream.NextAsync()).ShouldBe(true);
    }

    [Fact]
    public async Task Stream_WholeRelease_TellsItsBeginningAndItsEnd_AndNothingBetween()
    {
        await using var scaler = await RunningScaler.StartAsync();
        scaler.Tell(Works.Canary(CanaryPhase.Succeeded));
        using var stream = await ActivityStream.OpenAsync(scaler);
        (await stream.NextAsync()).ShouldBe(false);

        scaler.Tell(Reviews.Deployment("podinfo:2", generation: 2));
        (await stream.NextAsync()).ShouldBe(true, "on whichever replica, by the target's new generation");
        foreach (var phase in new[] { CanaryPhase.Progressing, CanaryPhase.Promoting, CanaryPhase.Finalising })
        {
            scaler.Tell(Works.Canary(phase));
        }

        scaler.Tell(Works.Canary(CanaryPhase.Succeeded, Works.Telling(1)));
        var ended = Works.Canary(CanaryPhase.Succeeded);
        ended["status"]!["targetGeneration"] = 2;
        scaler.Tell(ended);

        (await stream.NextAsync()).ShouldBe(false);
    }

    [Fact]
    public async Task Stream_LookThatComesNear_IsPushedByTimeAlone()
    {
        var clock = new FakeClock();
        await using var scaler = await RunningScaler.StartAsync(time: clock);
        scaler.Tell(Works.Canary(CanaryPhase.Succeeded, new() { NextStepAt = clock.GetUtcNow().AddSeconds(60) }));
        using var stream = await ActivityStream.OpenAsync(scaler);
        (await stream.NextAsync()).ShouldBe(false);
        await Eventually.IsTrueAsync(() => clock.PendingTimers > 0);

        clock.Advance(TimeSpan.FromSeconds(49));
        var next = stream.NextAsync();
        (await scaler.IsActiveAsync()).ShouldBeFalse();
        clock.Advance(TimeSpan.FromSeconds(1));

        (await next).ShouldBe(true, "ten seconds ahead, for a worker has to start");
    }

    [Fact]
    public async Task Stream_QueueThatFailsLater_StaysOpen_AndTellsNoFalseForIt()
    {
        await using var scaler = await RunningScaler.StartAsync();
        scaler.Tell(Works.Canary(CanaryPhase.Progressing));
        using var stream = await ActivityStream.OpenAsync(scaler);
        (await stream.NextAsync()).ShouldBe(true);

        scaler.Gauge.Before = _ => throw new IOException("connection refused");
        scaler.Tell(Works.Canary(CanaryPhase.Succeeded));
        await Eventually.IsTrueAsync(() => scaler.Gauge.Looks > 0);
        scaler.Tell(Works.Canary(CanaryPhase.Progressing));
        scaler.Gauge.Before = null;
        scaler.Tell(Works.Canary(CanaryPhase.Succeeded));

        (await stream.NextAsync()).ShouldBe(false, "the one that is known");
        await scaler.Server.DisposeAsync();
        (await stream.NextAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Stream_Filter_HearsOfItsNamespacesOnly()
    {
        await using var scaler = await RunningScaler.StartAsync();
        using var stream = await ActivityStream.OpenAsync(scaler, ("namespaces", "shop"));
        (await stream.NextAsync()).ShouldBe(false);

        scaler.Tell(Works.Canary(CanaryPhase.Progressing, ns: "test"));
        scaler.Tell(Works.Canary(CanaryPhase.Progressing, ns: "shop"));
        (await stream.NextAsync()).ShouldBe(true);
        scaler.Tell(Works.Canary(CanaryPhase.Succeeded, ns: "shop"));

        (await stream.NextAsync()).ShouldBe(false, "though the other one goes on");
    }

    [Fact]
    public async Task Stream_ServerEnds_EndsWell_SoThatKedaComesBackSoon()
    {
        var scaler = await RunningScaler.StartAsync();
        using var stream = await ActivityStream.OpenAsync(scaler);
        (await stream.NextAsync()).ShouldBe(false);

        await scaler.Server.DisposeAsync();

        (await stream.NextAsync()).ShouldBeNull();
        stream.Status.ShouldBe("0");
        scaler.Client.Dispose();
    }
}
