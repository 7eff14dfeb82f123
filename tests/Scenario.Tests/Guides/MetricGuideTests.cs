using CanaryFunctions.Core.Canaries;

namespace CanaryFunctions.Scenario.Tests.Guides;

/// <summary>A guide with a section on custom metrics. What its literal template does differs: each guide's own class has that.</summary>
public abstract class MetricGuideTests : GuideTests
{
    private CustomMetric Metric => Guide.Metric ?? throw new InvalidOperationException($"The guide of {Guide.Provider} has no section on custom metrics.");

    [Fact]
    public async Task CorrectedCustomMetric_HaltsABadRelease_AndRollsItBack()
    {
        await using var stage = await Guide.BootstrapAsync(Metric.Only);
        await stage.ApplyFileAsync(Guide, "metrictemplate.yaml");

        var release = await stage.FailAsync(Guide, Metric.BadPath);

        stage.ShouldHalt(release, Metric.Halt);
        await stage.ShouldBeRolledBackAsync(Guide, release, Guide.FirstTag);
    }

    [Fact]
    public async Task CorrectedCustomMetric_LetsAGoodReleasePass()
    {
        await using var stage = await Guide.BootstrapAsync(Metric.Only);
        await stage.ApplyFileAsync(Guide, "metrictemplate.yaml");

        (await stage.ReleaseAsync(Guide.Script.GoodTag, CanaryPhase.Succeeded)).Halts().ShouldBeEmpty();
    }
}
