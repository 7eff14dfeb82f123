using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Cluster.Tests.Faults.Mishaps;

/// <summary>The promoted template is gone with the primary: the canary has all users, until the promotion has made the primary again.</summary>
internal sealed class PrimaryDeleted : Fault
{
    private const string Primary = "podinfo-primary";

    internal override string Name => "Somebody deletes the primary Deployment during a release";

    internal override async Task<string> PlayAsync(FaultRun run)
    {
        var stage = run.Stage;
        var times = run.Times(1, 3);
        for (var time = 0; time < times; time++)
        {
            await run.BeginAndShiftAsync();
            var lost = stage.Feed.Find(Kinds.Deployment, Primary)!.Uid();
            await run.ExcusedAsync(async () =>
            {
                await stage.KubectlAsync("delete", $"deployment/{Primary}");
                await stage.UntilAsync(() => FaultStage.Guide.ShareOf(stage.Feed.Find(Kinds.Ingress, "podinfo-canary")!) == 100, "the canary has all users");
            });
            await run.EndAsync();
            stage.Feed.Find(Kinds.Deployment, Primary).ShouldNotBeNull().Uid().ShouldNotBe(lost);
        }

        return $"at the next look the canary had all users; the analysis went on, and the promotion made `{Primary}` again and gave it the users when it was ready. Until that look the gateway has nowhere to send the primary's share to";
    }
}
