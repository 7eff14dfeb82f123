using System.Globalization;
using CanaryFunctions.Core.Canaries;

namespace CanaryFunctions.Cluster.Tests.Faults.Mishaps;

internal sealed class PrometheusDown : Fault
{
    internal override string Name => "Prometheus is down during the analysis";

    internal override async Task<string> PlayAsync(FaultRun run)
    {
        var (stills, kills, seconds) = (run.Times(0, 2), run.Times(1, 2), run.Times(6, 30));
        var prometheus = run.Cluster.Prometheus;
        for (var time = 0; time < stills + kills; time++)
        {
            await (time < stills
                ? run.WithoutAsync(prometheus.Process, () => HeldAsync(run, seconds))
                : run.WithoutAsync(prometheus.Process.KillAsync, () => HeldAsync(run, seconds), prometheus.RestartAsync));
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"{stills} times it stood still (SIGSTOP) and {kills} times it was killed, until {seconds} s after the Canary's condition said so, then it went on, or was started again with its data: held at its weight without a failed check, then promoted");
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
