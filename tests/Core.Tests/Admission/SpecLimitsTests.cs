using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CanaryFunctions.Core.Canaries;

namespace CanaryFunctions.Core.Tests.Admission;

/// <summary>The limits of a Canary come from the status that they lead to: 32 KiB (design rule 6).</summary>
public sealed class SpecLimitsTests
{
    private const int MaxStatus = 32 * 1024;

    // What a step says besides one line of each hook: a start, a halt, an alert, the hooks to call, in full length.
    private const int OtherEntries = 4;

    // As the API server stores it.
    private static readonly JsonSerializerOptions Unescaped = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly DateTimeOffset At = new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero);
    private static readonly string Long = new('é', 100_000);
    private static readonly string LongName = new('n', SpecLimits.MaxNameBytes);

    [Fact]
    public void LargestStatus_OfAnAllowedCanary_StaysUnder32KiB() => SizeWith(SpecLimits.MaxHooks).ShouldBeLessThan(MaxStatus);

    [Fact]
    public void LargestStatus_WithoutALimit_WouldNot() => SizeWith(SpecLimits.MaxHooks * 3).ShouldBeGreaterThan(MaxStatus);

    [Fact]
    public void Hooks_AreNotMoreThanAreRemembered_WithAsManyOtherTextsThatAreSaidOnce()
        => (2 * SpecLimits.MaxHooks).ShouldBeLessThanOrEqualTo(StatusJson.MaxPassedHooks);

    [Fact]
    public void Alerts_AreNotMoreThanDeliveriesAreRemembered() => (4 * SpecLimits.MaxAlerts).ShouldBeLessThanOrEqualTo(StatusJson.MaxDeliveries);

    [Theory]
    [InlineData("webhooks", SpecLimits.MaxHooks)]
    [InlineData("alerts", SpecLimits.MaxAlerts)]
    [InlineData("metrics", SpecLimits.MaxMetrics)]
    public void List_AtTheLimit_IsAllowedAndOneMoreIsNot(string list, int most)
    {
        Problems(list, most).ShouldBeEmpty();
        Problems(list, most + 1).ShouldBe([$"spec.analysis.{list}: '{most + 1}' {list} are too many; at most {most} are allowed, because what they say is kept in the status until it is told."]);
    }

    [Fact]
    public void Name_AtTheLimit_IsAllowedAndOneByteMoreIsNot()
    {
        NameProblems(LongName).ShouldBeEmpty();
        NameProblems($"{LongName}n").ShouldHaveSingleItem().ShouldContain("is too long; a name has at most 100 bytes.");
        NameProblems(new string('é', 50)).ShouldBeEmpty();
        NameProblems(new string('é', 51)).ShouldHaveSingleItem();
    }

    private static IEnumerable<string> Problems(string list, int count)
        => Validators.Canary().Validate(Manifests.Canary().With($"spec.analysis.{list}", $"[{string.Join(',', Enumerable.Range(0, count).Select(i => Entry(list, i)))}]")).Select(p => $"{p}");

    private static string Entry(string list, int i) => list switch
    {
        "webhooks" => $$"""{"name":"h{{i}}","url":"http://hooks.test/"}""",
        "alerts" => $$"""{"name":"a{{i}}","providerRef":{"name":"p"} }""",
        _ => $$"""{"name":"m{{i}}","query":"vector(1)","thresholdRange":{"max":1} }""",
    };

    private static IEnumerable<string> NameProblems(string name)
        => Validators.Canary().Validate(Manifests.Canary().With("spec.analysis.webhooks[0].name", $"\"{name}\"")).Select(p => $"{p}");

    private static int SizeWith(int hooks)
    {
        // The longest line of a hook that passed; its name is all that the user adds.
        var passed = $"Confirm-traffic-increase check {LongName} passed";
        var status = new CanaryStatus
        {
            Phase = CanaryPhase.WaitingPromotion,
            LastTransitionTime = At,
            LastAppliedSpec = "cf1-0123456789abcdef0123456789abcdef",
            LastPromotedSpec = "cf1-0123456789abcdef0123456789abcdef",
            RunId = "0123456789abcdef0123456789abcdef",
            StartedBy = Long,
            Step = long.MaxValue,
            NextStepAt = At,
            DeadlineAt = At,
            TrafficSince = At,
            Conditions = [.. new[] { Condition.Promoted, Condition.Accepted, Condition.Suspended, Condition.PendingRevision, Condition.MetricsAvailable }
                .Select(t => new Condition(t, Condition.Unknown, nameof(Reasons.WaitingForApproval), Long, At, At))],
            Measurements = [.. Enumerable.Range(0, StatusJson.MaxMeasurements).Select(_ => new Measurement(LongName, double.MinValue, At, "< -1.7976931348623157E+308"))],
            PassedHooks = [.. Enumerable.Range(0, StatusJson.MaxPassedHooks).Select(_ => $"confirm-traffic-increase/{new string('n', 40)}/cf1-0123456789abcdef0123456789abcdef")],
            Deliveries = [.. Enumerable.Range(0, StatusJson.MaxDeliveries).Select(_ => "0123456789ab")],
            Outbox = [.. Enumerable.Range(0, hooks + OtherEntries).Select(i => new OutboxEntry(long.MaxValue, i, OutboxKind.Event, nameof(CanaryPhase.WaitingPromotion))
            {
                IsWarning = false,
                Reason = nameof(Reasons.WaitingForApproval),
                Message = i < hooks ? passed : Long,
                At = At,
            })],
        };
        return Encoding.UTF8.GetByteCount(status.ToJson().ToJsonString(Unescaped));
    }
}
