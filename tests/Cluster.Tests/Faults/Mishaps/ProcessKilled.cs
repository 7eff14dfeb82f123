using System.Globalization;

namespace CanaryFunctions.Cluster.Tests.Faults.Mishaps;

internal sealed class ProcessKilled : Fault
{
    private const double Shortest = 0;
    private const double Longest = 6;

    internal override string Name => "Our process is killed (SIGKILL) at random moments";

    internal override bool Kills => true;

    internal override async Task<string> PlayAsync(FaultRun run)
    {
        var kills = run.Times(5, 50);
        var killing = KillAsync(run, kills);
        try
        {
            do
            {
                await run.BeginAsync();
                await run.EndAsync();
            }
            while (!killing.IsCompleted);
        }
        finally
        {
            await killing;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{kills} times, {Shortest} to {Longest} s after it served again, and started anew at once");
    }

    private static async Task KillAsync(FaultRun run, int kills)
    {
        var random = new Random(kills);
        for (var kill = 0; kill < kills; kill++)
        {
            await FaultRun.PauseAsync(Shortest + (random.NextDouble() * (Longest - Shortest)));
            await run.Cluster.Product.DisposeAsync();
            await run.Cluster.StartProductAsync();
        }
    }
}
