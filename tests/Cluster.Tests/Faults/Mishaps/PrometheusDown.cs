using System.Globalization;
using CanaryFunctions.Core.Canaries;

namespace CanaryFunctions.Cluster.Tests.Faults.Mishaps;

internal sealed class PrometheusDown : Fault
{
    internal override string Name => "Prometheus is down during the analysis";

    internal override async Task<string> PlayAsync(FaultRun run)
    {
        var (times, seconds) = (run.Times(1, 2), run.Times(6, 30));
        for (var time = 0; time < times; time++)
        {
            await run.BeginAndShiftAsync();
            run.Cluster.Prometheus.Process.Pause();
            try
            {
                await HeldAsync(run, seconds);
            }
            finally
            {
                run.Cluster.Prometheus.Process.Resume();
            }

            await run.EndAsync();
        }

        return string.Create(
            CultureInfo.InvariantCulture, $"{times} times it stood still (SIGSTOP) until {seconds} s after the Canary's condition said so: held at its weight without a failed check, then promoted");
    }

    private static async Task HeldAsync(FaultRun run, int seconds)
    {
        var stage = run.Stage;
        await stage.UntilAsync(() => stage.Status.Condition(Condition.MetricsAvailable)?.Status == Condition.False, "a condition says that the metrics are missing");
        var weight = stage.Status.CanaryWeight;
        await FaultRun.PauseAsync(seconds);
        stage.Status.CanaryWeight.ShouldBe(weight, "held");
        stage.Status.FailedChecks.ShouldBe(0, "a metric server that is down says nothing about the application");
        stage.Status.Phase.ShouldBe(CanaryPhase.Progressing);
    }
}
