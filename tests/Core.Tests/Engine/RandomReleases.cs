using CanaryFunctions.Core.Analysis;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Engine;
using CanaryFunctions.Core.Engine.Workloads;
using CanaryFunctions.Core.Objects;
using FsCheck;
using FsCheck.Fluent;

namespace CanaryFunctions.Core.Tests.Engine;

/// <summary>Whole releases with whatever may happen on the way. Users keep being served, and everything comes to rest.</summary>
public sealed class RandomReleases
{
    /// <summary>What happens before a message is delivered.</summary>
    public enum Happening
    {
        Nothing,
        Revision1,
        Revision2,
        Revision3,
        PrimaryFails,
        PrimaryIsDeleted,
        CanaryFails,
        PodsHeal,
        Hint,
        Sweep,
    }

    /// <summary>What happens before each message, how the metrics look one after the other, and how traffic comes back.</summary>
    public sealed record Scenario(IReadOnlyList<Happening> Happenings, IReadOnlyList<int> Metrics, int PromotionStep)
    {
        public override string ToString() => $"{string.Join(' ', Happenings)}; metrics {string.Join(' ', Metrics)}; promotion step {PromotionStep}";
    }

    private static Gen<Happening> Happenings => Gen.Choose(0, 20).Select(n => n < 10 ? (Happening)n : Happening.Nothing);

    [Fact]
    public void AnyRelease_KeepsServing_AndEndsAtRest()
    {
        var scenarios =
            from happenings in Happenings.ListOf(18)
            from metrics in Gen.Choose(0, 9).ListOf(6)
            from promotionStep in Gen.Elements(0, 0, 20)
            select new Scenario([.. happenings], [.. metrics], promotionStep);

        Prop.ForAll(scenarios.ToArbitrary(), scenario => RunAsync(scenario).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    private static async Task RunAsync(Scenario scenario)
    {
        var (happenings, metrics, promotionStep) = scenario;
        var world = await new World(spec => spec["analysis"]!["stepWeightPromotion"] = promotionStep).InitializedAsync();
        var asked = 0;
        world.Metrics.Answer = _ => Sample(metrics[asked++ % metrics.Count]);
        world.SetImage("podinfo:2");
        foreach (var happening in happenings)
        {
            await HappenAsync(world, happening);
            await DeliverAsync(world);
        }

        world.HealPods();
        await world.RunAsync(() => world.Queue.Waiting.Count == 0 || IsHeld(world), most: 1500);
        if (world.Cluster.Peek(World.PrimaryRef) is null)
        {
            await BringBackAsync(world);
        }

        PhaseTransitions.IsAtRest(world.Status.Phase).ShouldBeTrue($"{world.Status.Phase}");
        world.Status.NextStepAt.ShouldBeNull();
        world.Status.Outbox.ShouldBeEmpty();
        world.Clock.Advance(TimeSpan.FromSeconds(2));
        world.MovePods();
        ShouldServe(world);
        var weight = world.Status.CanaryWeight;
        weight.ShouldBe(world.RoutedToCanary);
        (weight == 100 || world.Cluster.Peek(World.TargetRef).Integer("spec", "replicas") == 0).ShouldBeTrue($"the target is down in {world.Status.Phase}, {string.Join(" | ", world.Events)}");
    }

    private static bool IsHeld(World world) => world.Status.Condition(Condition.Accepted)?.Status == Condition.False;

    // As people are told to: by the revision that was promoted.
    private static async Task BringBackAsync(World world)
    {
        for (var revision = 1; world.Cluster.Peek(World.TargetRef) is { } target && TemplateHash.Of(target.At("spec", "template")) != world.Status.LastPromotedSpec; revision++)
        {
            revision.ShouldBeLessThanOrEqualTo(3);
            world.Cluster.Change(World.TargetRef, d => d.ListAt("spec", "template", "spec", "containers").First()["image"] = $"podinfo:{revision}");
        }

        world.Hint();
        await world.RunAsync(most: 1500);
        IsHeld(world).ShouldBeFalse();
        world.Cluster.Peek(World.PrimaryRef).ShouldNotBeNull();
    }

    private static async Task HappenAsync(World world, Happening happening)
    {
        switch (happening)
        {
            case Happening.Revision1 or Happening.Revision2 or Happening.Revision3:
                world.SetImage($"podinfo:{(int)happening}");
                break;
            case Happening.PrimaryFails:
                world.BreakPods(World.PrimaryRef);
                break;
            case Happening.PrimaryIsDeleted:
                world.Cluster.Remove(World.PrimaryRef);
                break;
            case Happening.CanaryFails:
                world.BreakPods(World.TargetRef);
                break;
            case Happening.PodsHeal:
                world.HealPods();
                break;
            case Happening.Hint:
                world.Hint();
                break;
            case Happening.Sweep:
                await world.SweepAsync();
                break;
            default:
                break;
        }
    }

    // Whatever a step wrote has to fit the pods that it saw.
    private static async Task DeliverAsync(World world)
    {
        var before = Step(world);
        if (await world.DeliverNextAsync() && Step(world) > before && PhaseTransitions.IsRunning(world.Status.Phase))
        {
            ShouldServe(world);
        }
    }

    private static double? Step(World world) => world.Cluster.Peek(World.CanaryRef).Number("status", "step");

    private static void ShouldServe(World world)
    {
        var (primary, canary) = (Ready(world, World.PrimaryRef), Ready(world, World.TargetRef));
        var weight = world.RoutedToCanary;
        if (primary > 0 || canary > 0)
        {
            (weight == 0 || canary > 0).ShouldBeTrue($"{weight} % go to a canary without pods in {world.Status.Phase}");
            (weight == 100 || primary > 0).ShouldBeTrue($"{100 - weight} % go to a primary without pods in {world.Status.Phase}");
        }
    }

    private static int Ready(World world, ObjectRef deployment) => DeploymentReadiness.ReadyPods(world.Cluster.Peek(deployment));

    private static MetricSample Sample(int outcome) => outcome switch
    {
        0 => new MetricSample.Value(50),
        1 => new MetricSample.NoData("no values found"),
        2 => new MetricSample.Error("refused"),
        _ => new MetricSample.Value(100),
    };
}
