using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Scenario.Tests.Staging;

namespace CanaryFunctions.Scenario.Tests.Guides;

/// <summary>The sections that every guide has, played on its own objects.</summary>
public abstract class GuideTests
{
    /// <summary>Requests that must fail the check of the success rate, and what the event of a halt says then, as a regular expression.</summary>
    internal const string FailingPath = "status/500";
    internal const string FailingHalt = @"success rate \d+\.\d\d% < 99%";

    /// <summary>The same for requests of <see cref="GuideCase.SlowPath"/>.</summary>
    internal const string SlowHalt = "request duration [0-9.]+m?s > 500ms";

    private const int Held = 30;

    private protected abstract GuideCase Guide { get; }

    [Fact]
    public async Task Promotion_GeneratesTheGuidesObjects_AndTellsItsEvents()
    {
        await using var stage = await Guide.BootstrapAsync();
        stage.Story(0).ShouldBe(stage.Initialization());
        await stage.ShouldHaveGeneratedAsync(Guide);

        await stage.ShouldPromoteAsync(Guide);
    }

    [Fact]
    public Task HeldWeight_IsWhatUsersGet() => ShouldSplitAsync(Guide);

    [Fact]
    public Task FailingRequests_HaltTheRelease_AndRollItBack() => ShouldRollBackAsync(FailingPath, FailingHalt);

    [Fact]
    public Task SlowRequests_HaltTheRelease_AndRollItBack() => ShouldRollBackAsync(Guide.SlowPath, SlowHalt);

    [Fact]
    public async Task SecondImageDuringTheAnalysis_RestartsIt_FromThePrimary()
    {
        await using var stage = await Guide.BootstrapAsync(Analysis.Short);
        var before = stage.Feed.Events.Count;
        await stage.SetImageAsync(Guide.Script.GoodTag);
        await stage.WeightAsync(25);
        await stage.SetImageAsync(Guide.Script.BadTag);
        const string Restart = "New revision detected! Restarting analysis for podinfo.test";
        await stage.UntilAsync(() => stage.Feed.Events.Any(e => e.Message == Restart), "the analysis restarts");
        await stage.RestsAsync(CanaryPhase.Succeeded);

        stage.Story(before).SkipWhile(m => m != Restart).ShouldBe(
        [
            Restart,
            "Starting canary analysis for podinfo.test",
            .. Guide.BeforeTraffic,
            "Advance podinfo.test canary weight 25",
            "Advance podinfo.test canary weight 50",
            .. stage.PromotionsEnd(),
        ]);
        stage.ImageOf("podinfo-primary").ShouldBe($"{Guide.Script.Image}:{Guide.Script.BadTag}");
        var shares = stage.Shares(Guide).ToList();
        shares.Skip(shares.IndexOf(25)).SkipWhile(w => w > 0).ShouldBe([0, 25, 50, 0], "back to the primary in between");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task DeletedCanary_LeavesTheApplicationAsItWas_ServingThroughout(bool isDuringAnalysis)
    {
        await using var stage = await Guide.BootstrapAsync(Analysis.Short);
        await using var users = Traffic.Start(stage.UsersOf(Guide));
        if (isDuringAnalysis)
        {
            await stage.SetImageAsync(Guide.Script.GoodTag);
            await stage.WeightAsync(25);
        }

        await stage.DeleteCanaryAsync();

        await stage.ShouldLeaveTheApplicationAsync(Guide);
        await stage.ShouldServeAsync(Guide, isDuringAnalysis ? Guide.Script.GoodTag : Guide.FirstTag);
        users.Failures.ShouldBeEmpty();
        users.Sent.ShouldBeGreaterThan(0);
    }

    private protected static async Task ShouldSplitAsync(GuideCase guide)
    {
        await using var stage = await guide.BootstrapAsync(analysis => Analysis.Held(analysis, Held, interval: "1m"));
        await stage.GateAsync("open");
        await stage.SetImageAsync(guide.Script.GoodTag);
        await stage.WeightAsync(Held);
        await stage.GateAsync("close");
        await stage.RoutesAsync(guide, Held);

        await stage.ShouldSplitAsync(guide, Held, guide.FirstTag, guide.Script.GoodTag);

        stage.Status.CanaryWeight.ShouldBe(Held, "the gate is closed");
        const string Halt = "Halt podinfo.test advancement waiting for traffic increase approval confirm-traffic-increase";
        await stage.UntilAsync(() => stage.Feed.Events.Any(e => e.Message == Halt), "people are asked for approval");

        await stage.GateAsync("open");
        await stage.RestsAsync(CanaryPhase.Succeeded);
        stage.Shares(guide).ShouldBe([0, Held, 2 * Held, 0]);
    }

    private async Task ShouldRollBackAsync(string path, string halt)
    {
        await using var stage = await Guide.BootstrapAsync();

        await stage.ShouldRollBackAsync(Guide, path, halt, Guide.FirstTag);
    }
}
