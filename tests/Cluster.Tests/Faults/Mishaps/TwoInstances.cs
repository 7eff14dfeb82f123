using System.Globalization;
using System.Text.Json.Nodes;

namespace CanaryFunctions.Cluster.Tests.Faults.Mishaps;

internal sealed class TwoInstances : Fault
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(20);

    internal override string Name => "Two instances at once, without a leader";

    // It takes seconds to start the second one.
    internal override void Edit(JsonObject analysis) => (analysis["stepWeight"], analysis["maxWeight"]) = (10, 80);

    internal override async Task<string> PlayAsync(FaultRun run)
    {
        var (times, shared) = (run.Times(1, 5), 0);
        for (var time = 0; time < times; time++)
        {
            shared += await ShareAsync(run) ? 1 : 0;
        }

        return string.Create(
            CultureInfo.InvariantCulture, $"{times} times a second one started during a release, whose next step the first had in its queue: the second took steps of {shared} of them, and each ended once");
    }

    private static async Task<bool> ShareAsync(FaultRun run)
    {
        var home = Directory.CreateTempSubdirectory("canary-second-");
        try
        {
            await run.BeginAndShiftAsync();
            await using var second = await run.Cluster.StartInstanceAsync(home.FullName);
            await run.EndAsync();
            await second.Process.StopAsync(StopLimit);
            return second.Tail(1000).Any(line => line.Contains($"{run.Stage.Title}\"", StringComparison.Ordinal));
        }
        finally
        {
            home.Delete(recursive: true);

            // The one that started last took the registrations with it.
            await run.Cluster.Product.DisposeAsync();
            await run.Cluster.StartProductAsync();
        }
    }
}
