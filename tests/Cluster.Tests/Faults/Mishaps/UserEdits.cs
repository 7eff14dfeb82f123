using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Scenario.Tests.Staging;

namespace CanaryFunctions.Cluster.Tests.Faults.Mishaps;

/// <summary>What people do to generated objects that leaves users a way to the application: no request may fail.</summary>
internal sealed class UserEdits : Fault
{
    private const string Primary = "podinfo-primary";

    internal override string Name => "Somebody edits generated objects, or deletes those that requests can do without, during a release";

    internal override void Edit(JsonObject analysis) => (analysis["stepWeight"], analysis["maxWeight"]) = (5, 80);

    internal override async Task<string> PlayAsync(FaultRun run)
    {
        var stage = run.Stage;
        var times = run.Times(1, 5);
        var scalers = (await stage.Client.ServedKindsAsync(CancellationToken.None)).Find("autoscaling", "HorizontalPodAutoscaler").ShouldNotBeNull();
        var scaler = new ObjectRef(scalers, stage.Place.Namespace, Primary);
        for (var time = 0; time < times; time++)
        {
            await run.BeginAndShiftAsync();
            var lost = (await stage.Client.GetAsync(scaler, CancellationToken.None)).ShouldNotBeNull().Uid();
            await stage.KubectlAsync("delete", $"{scalers.Plural}/{Primary}");
            await stage.KubectlAsync("annotate", "--overwrite", "ingress/podinfo-canary", """zalando.org/backend-weights={"podinfo-primary": 1, "podinfo-canary": 99}""");
            await stage.UntilAsync(() => FaultStage.Guide.ShareOf(stage.Feed.Find(Kinds.Ingress, "podinfo-canary")!) < 99, "the weights are put right");

            await stage.KubectlAsync("patch", "service/podinfo", "-p", """{"spec":{"selector":{"app":"podinfo"}}}""");
            await stage.UntilAsync(() => stage.Feed.Find(Kinds.Service, Scene.App).Text("spec", "selector", "app") == "podinfo-primary", "the selector is put right");

            await ScaleDownAsync(stage);
            (await stage.Client.GetAsync(scaler, CancellationToken.None)).ShouldNotBeNull("the next step makes it again").Uid().ShouldNotBe(lost);
            stage.Status.Phase.ShouldBe(CanaryPhase.Progressing, "the promotion has no part in it");

            await stage.RemakeAsync(Kinds.Ingress, "podinfo-canary");
            await run.EndAsync();
        }

        return "route's weights and apex Service's selector edited, primary scaled down, route and primary's HorizontalPodAutoscaler deleted: all put right during the release";
    }

    // The autoscaler looks every few seconds. A promotion before that would find one pod and a strategy that lets it go.
    private static async Task ScaleDownAsync(FaultStage stage)
    {
        var before = stage.Feed.History(Kinds.Deployment, Primary).Count;
        await stage.KubectlAsync("scale", $"deployment/{Primary}", "--replicas=1");
        await stage.UntilAsync(() => stage.Feed.History(Kinds.Deployment, Primary).Skip(before).Any(d => d.Integer("spec", "replicas") == 1), "the primary is scaled down");
        await stage.UntilAsync(
            () => stage.Feed.Find(Kinds.Deployment, Primary) is { } primary && primary.Integer("spec", "replicas") >= 2 && primary.Integer("status", "readyReplicas") >= 2,
            "the primary is scaled up again");
    }
}
