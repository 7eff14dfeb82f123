using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Cluster.Tests.Faults.Mishaps;

/// <summary>What people delete and users' requests go through.</summary>
internal sealed class UserDeletes : Fault
{
    internal override string Name => "Somebody deletes the generated Services during a release";

    internal override void Edit(JsonObject analysis) => (analysis["stepWeight"], analysis["maxWeight"], analysis["threshold"]) = (10, 80, 100);

    internal override async Task<string> PlayAsync(FaultRun run)
    {
        var times = run.Times(1, 5);
        for (var time = 0; time < times; time++)
        {
            await run.BeginAndShiftAsync();
            foreach (var service in (string[])["podinfo-primary", "podinfo", "podinfo-canary"])
            {
                await run.ExcusedAsync(() => run.Stage.RemakeAsync(Kinds.Service, service));
            }

            await run.EndAsync();
        }

        return "the Services `podinfo-primary`, `podinfo` and `podinfo-canary` deleted, each made again at the next look; until then the gateway has nowhere to send its requests to";
    }
}
