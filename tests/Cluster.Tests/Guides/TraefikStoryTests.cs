using CanaryFunctions.Scenario.Tests.Guides;
using Xunit.Abstractions;

namespace CanaryFunctions.Cluster.Tests.Guides;

public sealed class TraefikStoryTests(ITestOutputHelper output) : GuideStory(output)
{
    private protected override GuideCase Guide => TraefikGuideTests.Definition;
}
