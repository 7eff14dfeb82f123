using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Core.Sweeping;
using CanaryFunctions.TestKit;

namespace CanaryFunctions.Core.Tests.Sweeping;

public sealed class SweepMembersTests
{
    private readonly FakeClock _clock = new();
    private readonly SweepMembers _members;

    public SweepMembersTests() => _members = new("me", _clock);

    [Fact]
    public void NobodyElse_IsOnlyMe()
    {
        _members.Live().ShouldBe(["me"]);
        _members.NextEnd().ShouldBeNull();
    }

    [Fact]
    public void ReplicaThatRenews_Lives()
    {
        for (var i = 0; i < 5; i++)
        {
            Renewed("other", _clock.GetUtcNow());
            _clock.Advance(TimeSpan.FromSeconds(8));
            _members.Live().ShouldBe(["me", "other"]);
        }

        _members.NextEnd().ShouldBe(_clock.Steady() + TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void SilentReplica_IsGivenUp_WhenItsLeaseRunsOut()
    {
        Renewed("other", _clock.GetUtcNow());
        _clock.Advance(TimeSpan.FromSeconds(9));

        _members.Live().ShouldBe(["me"]);
        _members.NextEnd().ShouldBeNull("it is over");
    }

    [Theory]
    [InlineData(-60)]
    [InlineData(60)]
    public void ReplicaWithAWrongClock_Lives_WhileItRenews(int seconds)
    {
        for (var i = 0; i < 3; i++)
        {
            Renewed("other", _clock.GetUtcNow() + TimeSpan.FromSeconds(seconds));
            if (i > 0)
            {
                _members.Live().ShouldBe(["me", "other"]);
            }

            _clock.Advance(TimeSpan.FromSeconds(3));
        }

        _clock.Advance(TimeSpan.FromSeconds(6));
        _members.Live().ShouldBe(["me"]);
    }

    [Fact]
    public void LeaseThatRanOutBeforeWeCame_IsNobodys_AndIsTakenAwayLater()
    {
        Renewed("other", _clock.GetUtcNow() - TimeSpan.FromSeconds(20));
        _members.Live().ShouldBe(["me"]);
        _members.LongDead().ShouldBeEmpty("its clock may be wrong");

        _clock.Advance(TimeSpan.FromSeconds(90));
        _members.LongDead().ShouldBe([("canary-sweep-other", "uid-other")]);
    }

    [Fact]
    public void LeaseGivenBack_EndsTheReplicaAtOnce()
    {
        Renewed("other", _clock.GetUtcNow());
        _members.Apply(new(WatchEventType.Deleted, Lease("other", _clock.GetUtcNow())));

        _members.Live().ShouldBe(["me"]);
    }

    private void Renewed(string identity, DateTimeOffset at) => _members.Apply(new(WatchEventType.Modified, Lease(identity, at)));

    private static JsonObject Lease(string identity, DateTimeOffset renewed)
    {
        var lease = KubeObject.New(Kinds.Lease, "flagger-system", $"canary-sweep-{identity}");
        lease["metadata"]!["uid"] = $"uid-{identity}";
        lease["spec"] = new JsonObject
        {
            ["holderIdentity"] = identity,
            ["leaseDurationSeconds"] = 9,
            ["renewTime"] = KubeObject.MicroTimestamp(renewed),
        };
        return lease;
    }
}
