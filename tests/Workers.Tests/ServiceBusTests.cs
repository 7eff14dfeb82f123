using CanaryFunctions.Workers.Tests.Queues;
using CanaryFunctions.Workers.Tests.Staging;
using Xunit.Abstractions;

namespace CanaryFunctions.Workers.Tests;

/// <summary>The campaign on the stand-in for Service Bus. A class of its own: much of a campaign is waiting, so two go side by side.</summary>
public sealed class ServiceBusTests(ITestOutputHelper output)
{
    [Fact]
    public async Task ManyReleases_WhileEverythingGoesWrong_EachEndsAsItShould()
    {
        var options = CampaignOptions.Default;
        await Campaign.RunAsync(await MeddledServiceBus.StartAsync(options.Seed), options, output);
    }
}
