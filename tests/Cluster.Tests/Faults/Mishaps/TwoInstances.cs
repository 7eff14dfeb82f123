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

        shared.ShouldBeGreaterThan(0, "else there was one instance only");
        return string.Create(
            CultureInfo.InvariantCulture, $"{times} times a second one started during a release, whose next step the first had in its queue, and the next release was announced to the second: it took steps {shared} times, and each release ended once");
    }

    private static async Task<bool> ShareAsync(FaultRun run)
    {
        var home = Directory.CreateTempSubdirectory("canary-second-");
        try
        {
            await run.BeginAndShiftAsync();
            await using var second = await run.Cluster.StartInstanceAsync(home.FullName);
            await run.EndAsync();

            // The webhook that is registered by now is the second's.
            await run.BeginAsync();
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
