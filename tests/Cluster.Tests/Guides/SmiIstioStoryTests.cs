using CanaryFunctions.Scenario.Tests.Guides;
using Xunit.Abstractions;

namespace CanaryFunctions.Cluster.Tests.Guides;

public sealed class SmiIstioStoryTests(ITestOutputHelper output) : GuideStory(output)
{
    private protected override GuideCase Guide => SmiIstioGuideTests.Definition;
}
