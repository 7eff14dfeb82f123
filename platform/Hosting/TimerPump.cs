using CanaryFunctions.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Platform.Hosting;

/// <summary>Runs one timer function at its times, one run at a time; times that pass during a run are left out.</summary>
internal sealed class TimerPump(
    TimerFunction function, Schedule schedule, InProcessHostOptions options, IServiceProvider services, TimeProvider time, ILogger<TimerPump> logger)
    : BackgroundService
{
    /// <summary>Timers take no more than some 49 days; schedules may be yearly.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The schedule is nominal: at speed 20 its clock runs 20 times as fast from here on.
        var start = time.GetUtcNow();
        var due = function.RunOnStartup ? time.Steady() : Next(start);
        try
        {
            while (due is { } at)
            {
                var left = at - time.Steady();
                if (left > TimeSpan.Zero)
                {
                    await Task.Delay(left < LongestWait ? left : LongestWait, time, stoppingToken);
                    continue;
                }

                await RunAsync(stoppingToken);
                due = Next(start);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process ends.
        }
    }

    private TimeSpan? Next(DateTimeOffset start)
    {
        var nominal = start + ((time.GetUtcNow() - start) * options.Speed);
        return time.Steady() + (schedule.DelayAfter(nominal) / options.Speed);
    }

    private async Task RunAsync(CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(options.Deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        try
        {
            await using var scope = services.CreateAsyncScope();
            await function.RunAsync(scope.ServiceProvider, either.Token);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            logger.TimerFailed(e, function.Name);
        }
    }
}
