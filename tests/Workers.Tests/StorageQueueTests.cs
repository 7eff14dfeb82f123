using CanaryFunctions.TestKit.Programs;
using CanaryFunctions.Workers.Tests.Queues;
using CanaryFunctions.Workers.Tests.Staging;
using Xunit.Abstractions;

namespace CanaryFunctions.Workers.Tests;

/// <summary>The campaign on a queue that detects no duplicates. A class of its own: much of a campaign is waiting, so two go side by side.</summary>
public sealed class StorageQueueTests(ITestOutputHelper output)
{
    [ProgramFact("azurite-queue")]
    public async Task ManyReleases_WhileEverythingGoesWrong_EachEndsAsItShould()
    {
        var options = CampaignOptions.Default;
        await Campaign.RunAsync(await MeddledAzurite.StartAsync(options.Seed), options, output);
    }
}
