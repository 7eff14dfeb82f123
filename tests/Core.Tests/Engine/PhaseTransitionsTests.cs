using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Engine.Planning;
using CanaryFunctions.Core.Routing;
using static CanaryFunctions.Core.Canaries.CanaryPhase;

namespace CanaryFunctions.Core.Tests.Engine;

/// <summary>The small tables: phases (contracts/core.md 2.2), weights (2.7 A), conditions (3.5), and which track may have traffic.</summary>
public sealed class PhaseTransitionsTests
{
    private static readonly Dictionary<CanaryPhase, CanaryPhase[]> Allowed = new()
    {
        [None] = [Initializing],
        [Initializing] = [Initialized],
        [Initialized] = [Waiting, Progressing],
        [Waiting] = [Progressing, Succeeded, Failed],
        [Progressing] = [Waiting, WaitingPromotion, Promoting, Succeeded, Failed],
        [WaitingPromotion] = [Waiting, Progressing, Promoting, Succeeded, Failed],
        [Promoting] = [Finalising, Failed],
        [Finalising] = [Succeeded, Failed],
        [Succeeded] = [Waiting, Progressing],
        [Failed] = [Waiting, Progressing],
        [Terminating] = [Terminated],
        [Terminated] = [],
    };

    [Fact]
    public void Table_AllowsExactlyTheContractsChanges()
    {
        foreach (var from in Enum.GetValues<CanaryPhase>())
        {
            Enum.GetValues<CanaryPhase>().Where(to => to != from && to != Terminating && PhaseTransitions.IsAllowed(from, to)).ShouldBe(Allowed[from], from.ToString());
            PhaseTransitions.IsAllowed(from, from).ShouldBeTrue();
            PhaseTransitions.IsAllowed(from, Terminating).ShouldBeTrue("a Canary may be deleted at any time");
        }
    }

    [Fact]
    public void EveryPhase_IsUnderWayOrAtRest_OrOfTheBeginningAndTheEnd()
    {
        foreach (var phase in Enum.GetValues<CanaryPhase>())
        {
            (PhaseTransitions.IsRunning(phase) && PhaseTransitions.IsAtRest(phase)).ShouldBeFalse();
            (PhaseTransitions.IsAnalysing(phase) && !PhaseTransitions.IsRunning(phase)).ShouldBeFalse();
        }

        Enum.GetValues<CanaryPhase>().Where(p => !PhaseTransitions.IsRunning(p) && !PhaseTransitions.IsAtRest(p)).ShouldBe([None, Initializing, Terminating]);
    }

    [Theory]
    [InlineData("""{"stepWeight":5,"maxWeight":50}""", "5 10 15 20 25 30 35 40 45 50")]
    [InlineData("""{"stepWeight":30,"maxWeight":50}""", "30 60")]
    [InlineData("""{"stepWeight":60}""", "60 100")]
    [InlineData("""{"stepWeights":[1,10,50]}""", "1 10 50")]
    [InlineData("""{"stepWeights":[10,100],"maxWeight":20}""", "10 100")]
    [InlineData("""{"stepWeight":10,"stepWeights":[50],"maxWeight":20}""", "10 20")]
    public void Weights_ComeInTheContractsOrder(string analysis, string weights)
    {
        var json = World.CanaryObject();
        json["spec"]!["analysis"] = World.Parse(analysis);
        var spec = Canary.From(json).Spec.Analysis;
        var taken = new List<int>();
        for (var weight = WeightLadder.Next(spec, 0); weight is not null; weight = WeightLadder.Next(spec, weight.Value))
        {
            taken.Add(weight.Value);
        }

        string.Join(' ', taken).ShouldBe(weights);
    }

    [Fact]
    public void WeightThatIsOnNoRung_GoesOnToTheNextHigherOne()
    {
        var json = World.CanaryObject();
        json["spec"]!["analysis"] = World.Parse("""{"stepWeights":[1,10,50]}""");

        WeightLadder.Next(Canary.From(json).Spec.Analysis, 7).ShouldBe(10);
        WeightLadder.Next(Canary.From(json).Spec.Analysis, 60).ShouldBeNull();
    }

    [Theory]
    [InlineData(2, 2, 30)]
    [InlineData(2, 0, 0)]
    [InlineData(0, 2, 100)]
    [InlineData(0, 0, 30)]
    public void Guard_TakesTrafficFromATrackWithoutPods_WhileTheOtherHasSome(int primary, int canary, int weight)
        => TrafficGuard.Apply(TrafficSplit.ToCanary(30), primary, canary).Canary.ShouldBe(weight);

    [Theory]
    [InlineData(Initializing, Condition.Unknown, "New Deployment detected, starting initialization.")]
    [InlineData(Initialized, Condition.True, "Deployment initialization completed.")]
    [InlineData(Waiting, Condition.Unknown, "Waiting for approval.")]
    [InlineData(WaitingPromotion, Condition.Unknown, "Waiting for approval.")]
    [InlineData(Progressing, Condition.Unknown, "New revision detected, progressing canary analysis.")]
    [InlineData(Promoting, Condition.Unknown, "Canary analysis completed, starting primary rolling update.")]
    [InlineData(Finalising, Condition.Unknown, "Canary analysis completed, routing all traffic to primary.")]
    [InlineData(Succeeded, Condition.True, "Canary analysis completed successfully, promotion finished.")]
    [InlineData(Failed, Condition.False, "Canary analysis failed, Deployment scaled to zero.")]
    public void PromotedCondition_IsTheContracts(CanaryPhase phase, string status, string message)
        => PromotedCondition.Of(phase, "Deployment").ShouldBe((status, message));
}
