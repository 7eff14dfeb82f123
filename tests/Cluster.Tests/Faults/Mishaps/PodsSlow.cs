using System.Globalization;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Scenario.Tests.Guides;
using CanaryFunctions.Scenario.Tests.Staging;

namespace CanaryFunctions.Cluster.Tests.Faults.Mishaps;

internal sealed class PodsSlow : Fault
{
    private const int Threshold = 3;
    private const int SlowPerSecond = 20;
    private const double Window = 12;

    internal override string Name => "The pods behind the gateway are slow";

    // Slow answers count when they are there: more steps than they take seconds.
    internal override void Edit(JsonObject analysis) => (analysis["threshold"], analysis["stepWeight"], analysis["maxWeight"]) = (Threshold, 10, 70);

    internal override async Task<string> PlayAsync(FaultRun run)
    {
        var stage = run.Stage;
        var times = run.Times(1, 3);
        for (var time = 0; time < times; time++)
        {
            var before = stage.Feed.Events.Count;
            await run.BeginAndShiftAsync();
            await using (Traffic.Start(stage.UsersOf(FaultStage.Guide), FaultStage.Guide.SlowPath, SlowPerSecond))
            {
                await run.EndAsync(CanaryPhase.Failed);
            }

            stage.Story(before).Halts().ShouldAllBe(m => m.StartsWith($"Halt {stage.Title} advancement request duration", StringComparison.Ordinal));
            if (time + 1 < times)
            {
                // Slow requests that ended with their pods are failures within the next release's window.
                await FaultRun.PauseAsync(Window);
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"every second request takes 5 s: {Threshold} checks of `request-duration` halted each release, then it was rolled back");
    }
}
