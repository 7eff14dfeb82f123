using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Cluster.Tests.Faults.Mishaps;

/// <summary>The promoted template is gone with the primary: the canary has all users, and whatever is promoted next becomes the primary.</summary>
internal sealed class PrimaryDeleted : Fault
{
    private const string Primary = "podinfo-primary";
    private const int BriefDeadline = 10;
    private const int Deadline = 600;

    internal override string Name => "Somebody deletes the primary Deployment during a release";

    internal override async Task<string> PlayAsync(FaultRun run)
    {
        var stage = run.Stage;
        var times = run.Times(1, 3);
        for (var time = 0; time < times; time++)
        {
            await run.BeginAndShiftAsync();
            await SetDeadlineAsync(run, BriefDeadline);
            await run.ExcusedAsync(async () =>
            {
                await stage.KubectlAsync("delete", $"deployment/{Primary}");
                await stage.UntilAsync(() => FaultStage.Guide.ShareOf(stage.Feed.Find(Kinds.Ingress, "podinfo-canary")!) == 100, "the canary has all users");
            });
            await run.EndAsync(CanaryPhase.Failed);
            stage.Status.CanaryWeight.ShouldBe(100, "nobody else can serve");

            await SetDeadlineAsync(run, Deadline);
            await run.BeginAsync();
            await run.EndAsync();
        }

        return $"at the next look the canary had all users; the release was given up at its deadline ({BriefDeadline} s), the canary went on serving, and the next release made `{Primary}` again and gave the users back to it when it was ready. Until that look the gateway has nowhere to send the primary's share to";
    }

    private static Task SetDeadlineAsync(FaultRun run, int seconds) => run.Stage.PatchCanaryAsync(new() { ["spec"] = new JsonObject { ["progressDeadlineSeconds"] = seconds } });
}
