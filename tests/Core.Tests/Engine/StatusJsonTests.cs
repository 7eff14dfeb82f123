using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Engine.Schemas;
using CanaryFunctions.Core.Notifying;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Tests.Engine;

/// <summary>The status is the whole memory of a release: nothing may be lost in it, and it may not grow (design rule 6).</summary>
public sealed class StatusJsonTests
{
    // As the API server stores it.
    private static readonly JsonSerializerOptions Unescaped = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly DateTimeOffset At = new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void EveryField_SurvivesARoundTrip()
    {
        var status = Full();
        foreach (var property in typeof(CanaryStatus).GetProperties().Where(p => p.CanWrite))
        {
            var (value, none) = (property.GetValue(status), property.GetValue(new CanaryStatus()));
            Equals(value, none).ShouldBeFalse($"{property.Name} is not set in the example, so nothing is shown about it");
        }

        var json = status.ToJson();
        var again = CanaryStatus.Read((JsonObject)JsonNode.Parse(json.ToJsonString())!);
        again.ToJson().ToJsonString().ShouldBe(json.ToJsonString());
        foreach (var property in typeof(CanaryStatus).GetProperties().Where(p => p.CanWrite))
        {
            Equals(property.GetValue(again), property.GetValue(new CanaryStatus())).ShouldBeFalse($"{property.Name} is lost");
        }
    }

    [Fact]
    public void EveryField_IsAskedOfTheServedSchema()
    {
        var status = Full();
        status.ToJson().Select(p => p.Key).Except(status.Others.Select(p => p.Key)).ShouldBe(NeededFields.Status, ignoreOrder: true);
    }

    [Fact]
    public void FieldsOfOthers_AreKept()
    {
        var json = World.Parse("""{"phase":"Succeeded","trackedConfigs":{"configmap/a":"1"},"sessionAffinityCookie":"a=b","observed":{"deep":[1,2]}}""");
        var again = (CanaryStatus.Read(json) with { CanaryWeight = 3 }).ToJson();

        again["trackedConfigs"]!.ToJsonString().ShouldBe("""{"configmap/a":"1"}""");
        (again.Text("sessionAffinityCookie"), again["observed"]!.ToJsonString()).ShouldBe(("a=b", """{"deep":[1,2]}"""));
    }

    [Fact]
    public void ContractsFields_AreAlwaysThere_EvenWhenZero()
        => new CanaryStatus().ToJson().ShouldSatisfyAllConditions(
            j => j.Text("phase").ShouldBe(""),
            j => j.Integer("failedChecks").ShouldBe(0),
            j => j.Integer("canaryWeight").ShouldBe(0),
            j => j.Integer("iterations").ShouldBe(0));

    [Theory]
    [InlineData("""{"phase":"Nonsense","canaryWeight":"x","conditions":"y","outbox":[{"kind":"Nonsense"}],"nextStepAt":"soon","measurements":[{}],"step":"z"}""")]
    [InlineData("""{"canaryWeight":700,"conditions":[null,1,{}],"passedHooks":[1,null,"a"],"deliveries":{}}""")]
    public void Nonsense_IsReadAsAbsent(string json)
    {
        var status = CanaryStatus.Read(World.Parse(json));

        status.Phase.ShouldBe(CanaryPhase.None);
        status.CanaryWeight.ShouldBeInRange(0, 100);
        status.NextStepAt.ShouldBeNull();
    }

    [Fact]
    public void Rings_DropTheOldest_AndTheOutboxDropsNothing()
    {
        var status = Full() with
        {
            Measurements = [.. Enumerable.Range(0, 50).Select(i => new Measurement($"m{i}", i, At, null))],
            Deliveries = [.. Enumerable.Range(0, 200).Select(i => $"d{i}")],
            PassedHooks = [.. Enumerable.Range(0, 90).Select(i => $"h{i}")],
            Outbox = [.. Enumerable.Range(0, 30).Select(i => new OutboxEntry(1, i, OutboxKind.Event, "Progressing") { Message = $"e{i}" })],
        };
        var again = CanaryStatus.Read(status.ToJson());

        again.Measurements.Select(m => m.Metric).ShouldBe(Enumerable.Range(40, 10).Select(i => $"m{i}"));
        again.Deliveries.ShouldBe(Enumerable.Range(136, 64).Select(i => $"d{i}"));
        again.PassedHooks.ShouldBe(Enumerable.Range(50, 40).Select(i => $"h{i}"));
        again.Outbox.Select(e => e.Message).ShouldBe(status.Outbox.Select(e => e.Message));
    }

    [Fact]
    public void HostileInput_StaysUnder32KiB()
    {
        var huge = new string('é', 100_000);
        var status = new CanaryStatus
        {
            Phase = CanaryPhase.WaitingPromotion,
            Conditions = [.. new[] { Condition.Promoted, Condition.Accepted, Condition.Suspended, Condition.PendingRevision, Condition.MetricsAvailable }
                .Select(t => new Condition(t, Condition.True, "Reason", huge, At, At))],
            Outbox = [.. Enumerable.Range(0, 6).Select(i => new OutboxEntry(1, i, OutboxKind.Event, "Progressing") { Message = huge, At = At })],
            PassedHooks = [.. Enumerable.Range(0, 90).Select(i => $"pre-rollout/{i}{huge}")],
            Measurements = [.. Enumerable.Range(0, 90).Select(i => new Measurement(i + huge, double.MaxValue, At, huge))],
            Deliveries = [.. Enumerable.Range(0, 90).Select(_ => "0123456789ab")],
            Claims = [.. Enumerable.Range(0, 90).Select(i => new DeliveryClaim(i + huge, At))],
            StartedBy = huge,
        };

        Encoding.UTF8.GetByteCount(status.ToJson().ToJsonString(Unescaped)).ShouldBeLessThan(32 * 1024);
    }

    [Fact]
    public async Task HostileAnswers_StayUnder32KiB_AndTheReleaseGoesOn()
    {
        var huge = new string('x', 60_000);
        var world = await HookTests.WithHooks([.. Enumerable.Range(0, 12).Select(i => HookTests.Hook($"hook-{i}-{new string('n', 90)}", "pre-rollout"))]).InitializedAsync();
        var largest = 0;
        world.Cluster.AfterWrite = _ =>
        {
            largest = Math.Max(largest, world.Cluster.Peek(World.CanaryRef)?["status"]?.ToJsonString().Length ?? 0);
            return Task.CompletedTask;
        };
        var calls = 0;
        world.Http.Answer = call => call.Url.Host == "hooks" && ++calls % 13 == 12 ? new(400, huge) : new(200, huge);
        world.SetImage("podinfo:2");
        await world.RunAsync();

        largest.ShouldBeInRange(2000, 32 * 1024);
        PhaseTransitions.IsAtRest(world.Status.Phase).ShouldBeTrue();
    }

    private static CanaryStatus Full() => new()
    {
        Phase = CanaryPhase.Progressing,
        FailedChecks = 2,
        CanaryWeight = 30,
        Iterations = 4,
        LastAppliedSpec = "cf1-a",
        LastPromotedSpec = "cf1-b",
        LastTransitionTime = At,
        Conditions = [new(Condition.Promoted, Condition.Unknown, "Progressing", "text", At, At.AddSeconds(1))],
        ObservedGeneration = 5,
        TargetGeneration = 6,
        ObservedTargetGeneration = 7,
        RunId = "run",
        StartedBy = "jane",
        Step = 9_007_199_254_740,
        NextStepAt = At.AddMicroseconds(1234567),
        DeadlineAt = At.AddMicroseconds(7654321),
        Waits = 3,
        TrafficSince = At.AddMicroseconds(1),
        PassedHooks = ["pre-rollout/a"],
        Measurements = [new("request-duration", 0.1 + 0.2, At, "> 500"), new("x", double.PositiveInfinity, At, null)],
        Outbox = [new(8, 1, OutboxKind.Alert, "Failed") { IsWarning = true, Reason = "R", Message = "m", Severity = AlertSeverity.Error, WithMetadata = true, At = At.AddMicroseconds(5) }],
        Deliveries = ["abc"],
        Claims = [new("def", At.AddMicroseconds(9))],
        Others = new JsonObject { ["sessionAffinityCookie"] = "x=y" },
    };
}
