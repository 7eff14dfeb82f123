using System.Globalization;
using CanaryFunctions.Cli.Playground;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Scenario.Tests.Staging;

namespace CanaryFunctions.Scenario.Tests.Running;

/// <summary><c>canary run</c> as users start it: one process, and several that share the work.</summary>
[Collection(nameof(Unmeasured))]
public sealed class RunTests : IDisposable
{
    private const double Speed = 20;

    // Issue: a lost replica's Canaries go on within 15 s of the wall clock.
    private static readonly TimeSpan TakeOverLimit = TimeSpan.FromSeconds(15);

    private static readonly ObjectRef Validating = new(Kinds.ValidatingWebhookConfiguration, null, "canary-functions-validate");

    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("canary-run-");

    [Fact]
    public async Task OneProcess_PlaysTheGuide_AndTakesItsRegistrationAway()
    {
        await using var stage = await OpenAsync();
        await using var run = await StartAsync(stage);
        await stage.ApplyAsync([.. stage.Objects(Analysis.Short)]);
        await stage.RestsAsync(CanaryPhase.Initialized);
        (await stage.Client.GetAsync(Validating, CancellationToken.None)).ShouldNotBeNull();

        var release = await stage.ReleaseAsync("4.0.6", CanaryPhase.Succeeded);

        release.ShouldContain("Advance podinfo.test canary weight 25");
        release[^1].ShouldBe("Promotion completed! Scaling down podinfo.test");
        stage.ImageOf("podinfo-primary").ShouldBe("stefanprodan/podinfo:4.0.6");
        (await run.Process.StopAsync(Stage.Limit)).ShouldBe(0);
        (await stage.Client.GetAsync(Validating, CancellationToken.None)).ShouldBeNull("nobody answers any more");
        (await LeasesAsync(stage)).ShouldBeEmpty();
    }

    [Fact]
    public async Task KilledReplica_LeavesItsReleases_ToTheOther()
    {
        await using var stage = await OpenAsync();
        await using var survivor = await StartAsync(stage, "survivor");
        await using var lost = await StartAsync(stage, "lost");
        await lost.SaysAsync("one of 2");
        await stage.ApplyAsync([.. stage.Objects(analysis => { Analysis.Short(analysis); analysis["interval"] = "40s"; })]);
        await stage.RestsAsync(CanaryPhase.Initialized);
        await stage.SetImageAsync("4.0.6");
        await stage.WeightAsync(25);

        // It registered last, so the API server called it, and the release's next message is in its memory.
        lost.Says("Took a step of podinfo.test").ShouldBeTrue();
        await lost.Process.KillAsync();
        var killed = TimeProvider.System.GetUtcNow();
        await stage.UntilAsync(() => stage.Status.CanaryWeight > 25, "the release goes on");

        (TimeProvider.System.GetUtcNow() - killed).ShouldBeLessThan(TakeOverLimit);
        await stage.RestsAsync(CanaryPhase.Succeeded);
        survivor.Says("Lost ").ShouldBeTrue("its Lease ran out");
        stage.Feed.Events.Count(e => e.Message.StartsWith("Promotion completed!", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task ProcessThatStartsAnew_GoesOn_WhenTheNextStepIsDue()
    {
        await using var stage = await OpenAsync();
        await using (var first = await StartAsync(stage, "first"))
        {
            await stage.ApplyAsync([.. stage.Objects(analysis => { Analysis.Short(analysis); analysis["interval"] = "1m"; })]);
            await stage.RestsAsync(CanaryPhase.Initialized);
            await stage.SetImageAsync("4.0.6");
            await stage.WeightAsync(25);
            await first.Process.KillAsync();
        }

        var due = stage.Status.NextStepAt.ShouldNotBeNull();
        await using var second = await StartAsync(stage, "second");
        await stage.UntilAsync(() => stage.Status.CanaryWeight > 25, "the release goes on");

        stage.Status.NextStepAt.ShouldNotBe(due);
        await stage.RestsAsync(CanaryPhase.Succeeded);
    }

    public void Dispose() => _home.Delete(recursive: true);

    // The embedded cluster as it is without the product.
    private static async Task<Stage> OpenAsync()
    {
        var stage = await Stage.OpenAsync(new() { Speed = Speed });
        await stage.Playground.StopProductAsync();
        return stage;
    }

    private Task<RunProcess> StartAsync(Stage stage, string name = "run") => RunProcess.StartAsync(
        _home.CreateSubdirectory(name).FullName,
        stage.Playground.Cluster.ApiServer.KubeconfigFor(Playground.ProductUser),
        new Dictionary<string, string>
        {
            ["SPEED"] = Speed.ToString(CultureInfo.InvariantCulture),
            ["MESH_PROVIDER"] = "skipper",
            ["METRICS_SERVER"] = "http://prometheus.flagger-system:9090",
            ["CLUSTER_PROXY"] = stage.Machines.ProxyUri.ToString(),
            ["LOG_LEVEL"] = "debug",
            ["KUBECONFIG"] = "",
        },
        run => Task.FromResult(run.Says("Takes part in the sweep")));

    private static async Task<IReadOnlyList<string>> LeasesAsync(Stage stage)
        => [.. (await stage.Client.ListAsync(Kinds.Lease, ProductAccess.Namespace, new(), CancellationToken.None)).Items.Select(l => l.Name())];
}
