using CanaryFunctions.Cluster.Tests.RealParts;
using Xunit.Abstractions;

namespace CanaryFunctions.Cluster.Tests.Scale;

/// <summary>Many Canaries at once. <c>CANARY_SCALE_RUN=FILE</c> makes it the full run, and writes its table to the file.</summary>
[Collection(nameof(ControlPlaneTests))]
public sealed class ScaleTests(ITestOutputHelper output)
{
    private const string Variable = "CANARY_SCALE_RUN";

    [ClusterFact]
    public async Task CanariesReleasedAtOnce_AreAllPromoted_OnTime()
    {
        var file = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given ? given : null;
        await using var cluster = await RealCluster.StartAsync(new Dictionary<string, string> { ["MINIMUM_INTERVAL"] = "10s" });

        var figures = await ScaleRun.PlayAsync(cluster, file is null ? ScaleOptions.Short : ScaleOptions.Full);

        output.WriteLine(figures.Table());
        if (file is not null)
        {
            await File.WriteAllTextAsync(file, figures.Table() + "\n");
        }

        figures.Promoted.ShouldBe(figures.Canaries);
        cluster.Refusals.ShouldBeEmpty();
        if (file is null)
        {
            ScaleFigures.At(0.5, figures.TicksLate).ShouldBeLessThan(TimeSpan.FromSeconds(5), "machines of the tests are busy; the full run is for the figures");
        }
    }
}
