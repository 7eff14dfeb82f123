using Xunit.Abstractions;

namespace CanaryFunctions.Cluster.Tests.Faults;

/// <summary>All of every fault, and the report on it.</summary>
[Collection(nameof(ControlPlaneTests))]
public sealed class FaultCampaign(ITestOutputHelper output)
{
    [CampaignFact]
    public async Task EveryFault_LeavesNothingLost()
    {
        await using var cluster = new FaultedCluster();
        await cluster.InitializeAsync();
        var rows = new List<FaultRow>();
        foreach (var fault in FaultCatalog.OfTheCluster.Where(CampaignFactAttribute.Plays))
        {
            rows.Add(await cluster.PlayAsync(fault, isWhole: true));
        }

        rows.AddRange(await Task.WhenAll(FaultCatalog.OfOneNamespace.Where(CampaignFactAttribute.Plays).Select(fault => cluster.PlayAsync(fault, isWhole: true))));
        var file = CampaignFactAttribute.ReportFile!;
        var report = ReliabilityReport.Text(rows, File.Exists(file) ? await File.ReadAllTextAsync(file) : "", TimeProvider.System.GetUtcNow());
        output.WriteLine(report);
        await File.WriteAllTextAsync(file, report);
        rows.Where(row => row.Problem is not null).Select(row => $"{row.Fault}: {row.Problem}").ShouldBeEmpty();
    }
}
