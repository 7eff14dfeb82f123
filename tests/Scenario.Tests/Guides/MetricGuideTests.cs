using CanaryFunctions.Core.Canaries;

namespace CanaryFunctions.Scenario.Tests.Guides;

/// <summary>A guide with a section on custom metrics. What its literal template does differs: each guide's own <see cref="CustomMetric"/> says that.</summary>
public abstract class MetricGuideTests : GuideTests
{
    private CustomMetric Metric => Guide.Metric ?? throw new InvalidOperationException($"The guide of {Guide.Provider} has no section on custom metrics.");

    [Fact]
    public async Task LiteralCustomMetric_StopsAGoodRelease_AndIsReportedForWhatItIs()
    {
        // The deadline is 10 minutes.
        await using var stage = await Guide.BootstrapAsync(Metric.Only, speed: Metric.HoldsLiteral ? 120 : null);

        await stage.ShouldStopLiterallyAsync(Guide, Metric, Guide.Script.GoodTag, Guide.FirstTag);
    }

    [Fact]
    public async Task CorrectedCustomMetric_HaltsABadRelease_AndRollsItBack()
    {
        await using var stage = await Guide.BootstrapAsync(Metric.Only);
        await stage.ApplyFileAsync(Guide, "metrictemplate.yaml");

        await stage.ShouldRollBackAsync(Guide, Metric.BadPath, Metric.Halt, Guide.FirstTag);
    }

    [Fact]
    public async Task CorrectedCustomMetric_LetsAGoodReleasePass()
    {
        await using var stage = await Guide.BootstrapAsync(Metric.Only);
        await stage.ApplyFileAsync(Guide, "metrictemplate.yaml");

        (await stage.ReleaseAsync(Guide.Script.GoodTag, CanaryPhase.Succeeded)).Halts().ShouldBeEmpty();
    }
}
