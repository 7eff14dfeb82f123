using CanaryFunctions.Scenario.Tests.Guides;
using Xunit.Abstractions;

namespace CanaryFunctions.Cluster.Tests.Guides;

public sealed class GlooStoryTests(ITestOutputHelper output) : GuideStory(output)
{
    private protected override GuideCase Guide => GlooGuideTests.Definition;
}
