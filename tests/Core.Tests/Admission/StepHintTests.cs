using CanaryFunctions.Core.Admission;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Core.Tests.Admission;

public sealed class StepHintTests
{
    private static readonly CanaryKey Key = new("test", "podinfo");

    [Fact]
    public void ToMessage_Hint_IsACauseWithEvidence()
    {
        var message = (New("r1", 4) with { User = "jane" }).ToMessage();

        message.Queue.ShouldBe(QueueNames.Steps);
        message.NotBefore.ShouldBeNull();
        message.Body.ShouldContain("\"cause\":\"admission\"");
        message.Body.ShouldContain("\"targetGeneration\":4");
        message.Body.ShouldContain("\"user\":\"jane\"");
        message.Id.Length.ShouldBeLessThan(64);
    }

    [Fact]
    public void ToMessage_WriteThatFailedAndIsMadeAgain_IsNoDuplicate()
        => New("r1", 4).ToMessage().Id.ShouldNotBe(New("r2", 4).ToMessage().Id);

    [Fact]
    public void ToMessage_OneReviewForTwoCanaries_IsTwoMessages()
        => New("r1", 4).ToMessage().Id.ShouldNotBe((New("r1", 4) with { Canary = new("test", "other") }).ToMessage().Id);

    [Fact]
    public void Merge_TwoRevisions_KeepsTheNewer()
    {
        New("r1", 4).Merge(New("r2", 5)).TargetGeneration.ShouldBe(5);
        New("r1", 5).Merge(New("r2", 4)).TargetGeneration.ShouldBe(5);
    }

    [Fact]
    public void Merge_CanaryChangeAfterARevision_KeepsTheEvidence()
    {
        var merged = New("r1", 4).Merge(new(Key, "r2") { User = "joe" });

        merged.TargetHash.ShouldBe("h4");
        merged.ReviewUid.ShouldBe("r2");
    }

    [Fact]
    public void Merge_EditOfTheCanary_IsKept_WhateverComesAfterIt()
    {
        var edit = new StepHint(Key, "r1") { CanaryGeneration = 3 };

        edit.Merge(New("r2", 4)).CanaryGeneration.ShouldBe(3);
        New("r2", 4).Merge(edit).CanaryGeneration.ShouldBe(3);
        edit.Merge(new(Key, "r3") { CanaryGeneration = 2 }).CanaryGeneration.ShouldBe(3);
    }

    [Fact]
    public void Merge_TargetMadeAnew_TakesTheNewObject()
        => New("r1", 9).Merge(New("r2", 1) with { TargetUid = "another" }).TargetUid.ShouldBe("another");

    private static StepHint New(string review, long generation) => new(Key, review) { TargetUid = "u", TargetGeneration = generation, TargetHash = $"h{generation}" };
}
