using CanaryFunctions.Core.Sweeping;

namespace CanaryFunctions.Core.Tests.Sweeping;

public sealed class SweepShareTests
{
    private static readonly string[] Members = ["pod-a", "pod-b", "pod-c"];
    private static readonly string[] Uids = [.. Enumerable.Range(0, 900).Select(i => $"uid-{i}")];

    [Fact]
    public void EveryCanary_IsOneReplicas()
    {
        foreach (var uid in Uids)
        {
            OwnersOf(uid, Members).Count.ShouldBe(1);
        }
    }

    [Fact]
    public void Shares_AreAboutEven()
        => Members.ShouldAllBe(m => Uids.Count(u => SweepShare.Of(m, Members).Has(u)) > 240);

    [Fact]
    public void LostReplica_LeavesItsCanaries_AndMovesNoOther()
    {
        string[] left = ["pod-a", "pod-c"];
        foreach (var uid in Uids.Where(u => OwnersOf(u, Members)[0] != "pod-b"))
        {
            OwnersOf(uid, left).ShouldBe(OwnersOf(uid, Members));
        }
    }

    [Fact]
    public void OrderAndRepetition_OfMembers_DoNotMatter()
        => Uids.ShouldAllBe(u => SweepShare.Of("pod-b", Members).Has(u) == SweepShare.Of("pod-b", new[] { "pod-c", "pod-b", "pod-a", "pod-a" }).Has(u));

    [Fact]
    public void OnlyReplica_HasAll() => Uids.ShouldAllBe(u => SweepShare.Whole.Has(u) && SweepShare.Of("pod-a", new[] { "pod-a" }).Has(u));

    private static List<string> OwnersOf(string uid, string[] members) => [.. members.Where(m => SweepShare.Of(m, members).Has(uid))];
}
