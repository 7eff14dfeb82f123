using CanaryFunctions.Simulator.Gateway;

namespace CanaryFunctions.Simulator.Tests.Gateway;

public sealed class WeightedTurnsTests
{
    [Theory]
    [InlineData(90, 10, 1800, 200)]
    [InlineData(100, 0, 2000, 0)]
    [InlineData(0, 100, 0, 2000)]
    [InlineData(99.5, 0.5, 1990, 10)]
    [InlineData(0, 0, 1000, 1000)]
    [InlineData(2, 1, 1333, 667)]
    public void Next_2000Turns_AreSplitExactly(double primary, double canary, int expectedPrimary, int expectedCanary)
    {
        var turns = new WeightedTurns<string>([("primary", primary), ("canary", canary)]);

        var taken = Enumerable.Range(0, 2000).Select(_ => turns.Next()).ToList();

        (taken.Count(t => t == "primary"), taken.Count(t => t == "canary")).ShouldBe((expectedPrimary, expectedCanary));
    }

    [Fact]
    public void Next_AnyTenTurnsAt90To10_HoldOneOfTheCanary()
    {
        var turns = new WeightedTurns<string>([("primary", 90), ("canary", 10)]);

        for (var stretch = 0; stretch < 50; stretch++)
        {
            Enumerable.Range(0, 10).Count(_ => turns.Next() == "canary").ShouldBe(1);
        }
    }
}
