using System.Text.Json.Nodes;
using CanaryFunctions.Core.Admission;
using CanaryFunctions.Core.Admission.Cluster;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Core.Tests.Admission;

public sealed class TargetIndexTests
{
    private readonly TargetIndex _index = new();

    [Fact]
    public void FindByTarget_CanaryChangesItsTarget_FollowsIt()
    {
        Tell(WatchEventType.Added, Manifests.Canary());
        Tell(WatchEventType.Modified, Manifests.Canary(target: "web"));

        Found("podinfo").ShouldBeEmpty();
        Found("web").ShouldBe(["podinfo"]);
    }

    [Fact]
    public void FindByTarget_CanaryDeleted_IsForgotten()
    {
        Tell(WatchEventType.Added, Manifests.Canary("a"));
        Tell(WatchEventType.Added, Manifests.Canary("b"));
        Tell(WatchEventType.Deleted, Manifests.Canary("a"));

        Found("podinfo").ShouldBe(["b"]);
    }

    [Fact]
    public void Relist_InProgress_ServesTheOldUntilComplete()
    {
        Tell(WatchEventType.Added, Manifests.Canary("gone", target: "gone"));
        Tell(WatchEventType.Added, Manifests.Canary("kept", target: "kept"));

        Tell(WatchEventType.Reset);
        Tell(WatchEventType.Added, Manifests.Canary("kept", target: "kept"));
        Found("gone").ShouldBe(["gone"]);

        Tell(WatchEventType.Synced);
        Found("gone").ShouldBeEmpty();
        Found("kept").ShouldBe(["kept"]);
    }

    [Fact]
    public void Exists_BeforeTheFirstList_IsUnknown()
    {
        _index.Apply(Kinds.Deployment, new(WatchEventType.Reset, null));
        _index.Apply(Kinds.Deployment, new(WatchEventType.Added, Manifests.Deployment()));
        _index.Exists(Kinds.Deployment, "test", "podinfo").ShouldBeNull();

        _index.Apply(Kinds.Deployment, new(WatchEventType.Synced, null));
        _index.Exists(Kinds.Deployment, "test", "podinfo").ShouldBe(true);
        _index.Exists(Kinds.Deployment, "test", "web").ShouldBe(false);
        _index.Exists(Kinds.Lease, "test", "web").ShouldBeNull();
    }

    [Fact]
    public void Exists_GoneAfterARelist_IsFalse()
    {
        _index.Apply(Kinds.Ingress, new(WatchEventType.Reset, null));
        _index.Apply(Kinds.Ingress, new(WatchEventType.Added, Manifests.Deployment()));
        _index.Apply(Kinds.Ingress, new(WatchEventType.Synced, null));
        _index.Apply(Kinds.Ingress, new(WatchEventType.Reset, null));
        _index.Exists(Kinds.Ingress, "test", "podinfo").ShouldBe(true);
        _index.Apply(Kinds.Ingress, new(WatchEventType.Synced, null));

        _index.Exists(Kinds.Ingress, "test", "podinfo").ShouldBe(false);
    }

    [Fact]
    public void IsSynced_NeedsEveryKind()
    {
        Tell(WatchEventType.Synced);
        _index.IsSynced.ShouldBeFalse();
        _index.SyncAll();

        _index.IsSynced.ShouldBeTrue();
    }

    [Fact]
    public void GiveUp_KindThatMayNotBeWatched_IsNotWaitedForAndStaysUnknown()
    {
        Tell(WatchEventType.Synced);
        foreach (var kind in IndexedKinds.All.Where(k => k.Kind != Kinds.Secret))
        {
            _index.Apply(kind.Kind, new(WatchEventType.Synced, null));
        }

        _index.IsSynced.ShouldBeFalse();
        _index.GiveUp(Kinds.Secret);
        _index.IsSynced.ShouldBeTrue();
        _index.Exists(Kinds.Secret, "test", "slack").ShouldBeNull();
    }

    [Fact]
    public void Exists_OtherNamespaceThanIsWatched_IsUnknown()
    {
        var index = new TargetIndex(new() { Namespace = "test" });
        index.SyncAll();

        index.Exists(Kinds.MetricTemplate, "test", "latency").ShouldBe(false);
        index.Exists(Kinds.MetricTemplate, "monitoring", "latency").ShouldBeNull();
    }

    private void Tell(WatchEventType type, JsonObject? canary = null) => _index.Apply(new WatchEvent(type, canary));

    private IEnumerable<string> Found(string target) => _index.FindByTarget("Deployment", "test", target).Select(c => c.Key.Name);
}
