using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Cluster.Tests.Faults.Mishaps;

/// <summary>What people do to generated objects that takes users' way to the application away.</summary>
internal sealed class UserDeletes : Fault
{
    internal override string Name => "Somebody deletes the primary's Services during a release";

    internal override string WhyRequestsFail => "until then the gateway has no primary to send requests to";

    internal override void Edit(JsonObject analysis) => (analysis["stepWeight"], analysis["maxWeight"], analysis["threshold"]) = (10, 80, 100);

    internal override async Task<string> PlayAsync(FaultRun run)
    {
        var times = run.Times(1, 5);
        for (var time = 0; time < times; time++)
        {
            await run.BeginAndShiftAsync();
            foreach (var service in (string[])["podinfo-primary", "podinfo"])
            {
                await run.Stage.RemakeAsync(Kinds.Service, service);
            }

            await run.EndAsync();
        }

        return $"the Services `podinfo-primary` and `podinfo` deleted, each made again at the next look; {WhyRequestsFail}";
    }
}
