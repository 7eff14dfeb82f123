using System.Globalization;

namespace CanaryFunctions.Cluster.Tests.Faults.Mishaps;

internal sealed class EtcdPaused : Fault
{
    internal override string Name => "etcd stands still (SIGSTOP)";

    internal override async Task<string> PlayAsync(FaultRun run)
    {
        var (times, seconds) = (run.Times(1, 3), run.Times(5, 20));
        for (var time = 0; time < times; time++)
        {
            await run.WithoutAsync(run.Cluster.Plane.Etcd, () => FaultRun.PauseAsync(seconds));
        }

        return string.Create(CultureInfo.InvariantCulture, $"{times} times for {seconds} s");
    }
}
