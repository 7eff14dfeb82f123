using CanaryFunctions.Core.Sweeping;
using Microsoft.Extensions.Hosting;

namespace CanaryFunctions.Platform.Hosting;

/// <summary>A replica's share of the sweep as part of a host, in the place of the sweep's timer.</summary>
public sealed class SweepService(SweepDuty duty) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => duty.RunAsync(stoppingToken);
}
