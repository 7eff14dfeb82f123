using CanaryFunctions.Core.Sweeping;
using CanaryFunctions.Platform.Hosting;

namespace CanaryFunctions.Functions;

/// <summary>Finds what no message told of: changes made while we were down, lost messages, new Canaries.</summary>
public sealed class SweepRollouts(Sweeper sweeper)
{
    /// <summary>Every 30 seconds, and once when the process starts.</summary>
    public const string Schedule = "*/30 * * * * *";

    [Function(nameof(SweepRollouts))]
    public Task RunAsync([TimerTrigger(Schedule, RunOnStartup = true)] CancellationToken ct) => sweeper.SweepAsync(ct);
}
