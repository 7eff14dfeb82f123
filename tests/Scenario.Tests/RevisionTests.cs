using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Scenario.Tests.Staging;

namespace CanaryFunctions.Scenario.Tests;

/// <summary>What sets a release off, and what ends it early. A second image is in <see cref="Guides.GuideTests"/>.</summary>
[Collection(nameof(Unmeasured))]
public sealed class RevisionTests
{
    [Fact]
    public async Task ImageSetBackDuringTheAnalysis_EndsIt()
    {
        await using var stage = await Stage.InitializedAsync(Analysis.Short);
        var before = stage.Feed.Events.Count;
        await stage.SetImageAsync("4.0.6");
        await stage.WeightAsync(25);
        await stage.SetImageAsync("4.0.5");
        await stage.RestsAsync(CanaryPhase.Succeeded);

        stage.Story(before)[^1].ShouldBe("podinfo.test is back at the promoted revision, ending the analysis");
        stage.ImageOf("podinfo-primary").ShouldBe("stefanprodan/podinfo:4.0.5");
        stage.Status.CanaryWeight.ShouldBe(0);
    }

    [Fact]
    public async Task SameImageSetAgain_IsNoRelease()
    {
        await using var stage = await Stage.InitializedAsync(Analysis.Short);
        await stage.SetImageAsync("4.0.5");
        (await stage.ReleaseAsync("4.0.6", CanaryPhase.Succeeded)).Count(m => m.StartsWith("New revision", StringComparison.Ordinal)).ShouldBe(1);
        stage.Feed.Events.Count(e => e.Message.StartsWith("New revision", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task Detection_TakesLessThanASecond_WhateverTheInterval()
    {
        await using var stage = await Stage.InitializedAsync(
            analysis =>
            {
                Analysis.Short(analysis);
                analysis["interval"] = "10m";
            },
            new() { Speed = 10 });
        var took = new List<TimeSpan>();
        foreach (var tag in (string[])["4.0.6", "4.0.7", "4.0.8"])
        {
            var before = stage.Feed.Events.Count;
            var answered = await stage.SetImageAsync(tag);
            took.Add((await stage.DetectedAsync(before)).At - answered);
        }

        // Of three, so that a machine that stumbles once does not fail it.
        took.Order().ElementAt(1).ShouldBeLessThan(TimeSpan.FromSeconds(1));
        stage.Log.ShouldNotContain(line => line.Contains("The sweep found podinfo.test: target changed", StringComparison.Ordinal), "admission told, not the sweep");
    }
}
