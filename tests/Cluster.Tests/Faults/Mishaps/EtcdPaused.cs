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
            await run.BeginAndShiftAsync();
            run.Cluster.Plane.Etcd.Pause();
            try
            {
                await FaultRun.PauseAsync(seconds);
            }
            finally
            {
                run.Cluster.Plane.Etcd.Resume();
            }

            await run.EndAsync();
        }

        return string.Create(CultureInfo.InvariantCulture, $"{times} times for {seconds} s");
    }
}
