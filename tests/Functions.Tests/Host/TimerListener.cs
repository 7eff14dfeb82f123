using CanaryFunctions.Platform.Hosting;

namespace CanaryFunctions.Functions.Tests.Host;

/// <summary>The host's timer triggers: each by its schedule, one run at a time. A run that fails does not stop the schedule.</summary>
internal sealed class TimerListener : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly StandInHost _host;
    private readonly double _speed;
    private readonly Task _running;

    private TimerListener(StandInHost host, double speed)
    {
        (_host, _speed) = (host, speed);
        _running = Task.WhenAll(host.Functions.Where(f => f.Kind == TriggerKind.Timer).Select(RunAsync));
    }

    /// <param name="speed">How many times faster than the wall clock schedules run.</param>
    internal static TimerListener Start(StandInHost host, double speed) => new(host, speed);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _stopping.Dispose();
    }

    private async Task RunAsync(FunctionFile function)
    {
        var schedule = Schedule.Parse(function.Schedule, _ => null);
        try
        {
            while (schedule.DelayAfter(TimeProvider.System.GetUtcNow()) is { } delay)
            {
                await Task.Delay(delay / _speed, TimeProvider.System, _stopping.Token);
                await _host.InvokeAsync(function, Envelope.OfTimer(function, TimeProvider.System.GetUtcNow()), _stopping.Token);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The host ends.
        }
    }
}
