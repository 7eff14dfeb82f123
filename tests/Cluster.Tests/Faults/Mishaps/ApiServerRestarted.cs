using System.Globalization;

namespace CanaryFunctions.Cluster.Tests.Faults.Mishaps;

internal sealed class ApiServerRestarted : Fault
{
    // Kubernetes' own controllers wait longer with each restart, up to half a minute, until there was none for so long; meanwhile nobody keeps Endpoints.
    private const double Apart = 120;

    internal override string Name => "The API server is killed and started again";

    internal override async Task<string> PlayAsync(FaultRun run)
    {
        var away = TimeSpan.Zero;
        var times = run.Times(1, 3);
        for (var time = 0; time < times; time++)
        {
            await FaultRun.PauseAsync(time == 0 ? 0 : Apart);
            await run.BeginAndShiftAsync();
            var killed = TimeProvider.System.GetTimestamp();
            await run.Cluster.Plane.ApiServer.DisposeAsync();
            await run.Cluster.Plane.StartApiServerAsync();
            away += TimeProvider.System.GetElapsedTime(killed);
            await run.EndAsync();
        }

        return string.Create(CultureInfo.InvariantCulture, $"{times} times, on the same port, away for {away.TotalSeconds / times:0} s on average, {Apart / 60:0} minutes apart");
    }
}
