using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Webhook.Scaling;

namespace CanaryFunctions.Webhook.Tests.Scaling;

public sealed class WorkIndexTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero);

    private readonly ChangeSignal _changed = new();
    private readonly WorkIndex _index;

    public WorkIndexTests() => _index = new(_changed);

    public static TheoryData<string, int, int, int> States => new()
    {
        // name, running, due, notices
        { nameof(CanaryPhase.Initialized), 0, 0, 0 },
        { nameof(CanaryPhase.Succeeded), 0, 0, 0 },
        { nameof(CanaryPhase.Failed), 0, 0, 0 },
        { nameof(CanaryPhase.Terminated), 0, 0, 0 },
        { nameof(CanaryPhase.None), 1, 0, 0 },
        { nameof(CanaryPhase.Initializing), 1, 0, 0 },
        { nameof(CanaryPhase.Waiting), 1, 0, 0 },
        { nameof(CanaryPhase.Progressing), 1, 0, 0 },
        { nameof(CanaryPhase.WaitingPromotion), 1, 0, 0 },
        { nameof(CanaryPhase.Promoting), 1, 0, 0 },
        { nameof(CanaryPhase.Finalising), 1, 0, 0 },
        { nameof(CanaryPhase.Terminating), 1, 0, 0 },
        { "Progressing, next step in a minute", 1, 0, 0 },
        { "Progressing, step due", 1, 1, 0 },
        { "Succeeded, last look due", 0, 1, 0 },
        { "Succeeded, last look in a minute", 0, 0, 0 },
        { "Succeeded, two notices", 0, 0, 2 },
        { "Succeeded, edited", 0, 1, 0 },
        { "Succeeded, being deleted", 0, 1, 0 },
        { "Progressing, to be suspended", 1, 1, 0 },
        { "Progressing, suspended", 0, 0, 0 },
        { "Progressing, suspended and edited", 0, 0, 0 },
        { "Progressing, suspended and overdue", 0, 0, 0 },
        { "Progressing, suspended and being deleted", 1, 1, 0 },
        { "None, held until edited", 0, 0, 0 },
        { "None, held and edited", 0, 1, 0 },
        { "None, held until a look in a minute", 0, 0, 0 },
        { "None, held until a look that is due", 0, 1, 0 },
        { "Progressing, held until a look in a minute", 1, 0, 0 },
    };

    [Theory]
    [MemberData(nameof(States))]
    public void Measure_OneCanary_CountsWhatItAsksFor(string state, int running, int due, int notices)
    {
        Sync();
        Tell(In(state));

        var load = Measure();

        (load.Running, load.Due, load.Notices).ShouldBe((running, due, notices));
        load.IsEmpty.ShouldBe(running + due + notices == 0);
    }

    [Fact]
    public void Measure_LookInAMinute_SaysWhenTimeAloneChangesTheAnswer()
    {
        Sync();
        Tell(In("Succeeded, last look in a minute"));
        Tell(Works.Canary(CanaryPhase.Succeeded, new() { NextStepAt = Now.AddMinutes(3) }, "later"));
        Tell(Works.Canary(CanaryPhase.Progressing, new() { NextStepAt = Now.AddSeconds(5) }, "running"));

        Measure().NextDue.ShouldBe(Now.AddMinutes(1));
    }

    [Fact]
    public void Measure_TargetWithANewGeneration_IsDue_WithoutAnyHint()
    {
        Sync();
        Tell(Works.Canary(CanaryPhase.Succeeded));
        Tell(Reviews.Deployment(generation: 1));
        Measure().IsEmpty.ShouldBeTrue();

        Tell(Reviews.Deployment("podinfo:2", generation: 2));
        Measure().Due.ShouldBe(1);

        Tell(Works.Canary(CanaryPhase.Succeeded, name: "of-another"));
        Tell(Works.Canary(CanaryPhase.Succeeded, ns: "elsewhere"));
        Measure(ns => ns == "elsewhere").IsEmpty.ShouldBeTrue("that Canary's target is another Deployment of the same name");
    }

    [Fact]
    public void Measure_Filter_CountsOnlyItsNamespaces()
    {
        Sync();
        Tell(Works.Canary(CanaryPhase.Progressing, ns: "a"));
        Tell(Works.Canary(CanaryPhase.Progressing, ns: "b"));

        Measure(ns => ns == "b").Running.ShouldBe(1);
        Measure(ns => ns == "c").IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void IsSynced_NeedsBothLists()
    {
        _index.IsSynced.ShouldBeFalse();
        Synced(Kinds.Canary);
        _index.IsSynced.ShouldBeFalse();
        Synced(Kinds.Ingress);
        _index.IsSynced.ShouldBeFalse();
        Synced(Kinds.Deployment);
        _index.IsSynced.ShouldBeTrue();
    }

    [Fact]
    public void Apply_NewList_ForgetsWhatIsNotOnIt_OnceItIsComplete()
    {
        Sync();
        Tell(Works.Canary(CanaryPhase.Progressing, name: "gone"));

        _index.Apply(Kinds.Canary, new(WatchEventType.Reset, null));
        Tell(Works.Canary(CanaryPhase.Progressing, name: "kept"));
        Measure().Running.ShouldBe(2);
        _index.IsSynced.ShouldBeTrue("the old entries serve until then");

        _index.Apply(Kinds.Canary, new(WatchEventType.Synced, null));
        Measure().Running.ShouldBe(1);
    }

    [Fact]
    public void Apply_Deletion_EndsTheWork()
    {
        Sync();
        Tell(Works.Canary(CanaryPhase.Progressing));

        _index.Apply(Kinds.Canary, new(WatchEventType.Deleted, Works.Canary(CanaryPhase.Progressing)));

        Measure().IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void Apply_RaisesTheSignal_ForKindsThatMatter()
    {
        var next = _changed.Next;
        Synced(Kinds.Ingress);
        next.IsCompleted.ShouldBeFalse();

        Tell(Works.Canary(CanaryPhase.Succeeded));
        next.IsCompleted.ShouldBeTrue();
        _changed.Next.IsCompleted.ShouldBeFalse();
    }

    private static JsonObject In(string state)
    {
        var (minute, due) = (Now.AddMinutes(1), Now.AddSeconds(-1));
        var held = Works.With(Condition.Accepted, Condition.False);
        var suspended = Works.With(Condition.Suspended, Condition.True);
        return state switch
        {
            "Progressing, next step in a minute" => Works.Canary(CanaryPhase.Progressing, new() { NextStepAt = minute }),
            "Progressing, step due" => Works.Canary(CanaryPhase.Progressing, new() { NextStepAt = due }),
            "Succeeded, last look due" => Works.Canary(CanaryPhase.Succeeded, new() { NextStepAt = due }),
            "Succeeded, last look in a minute" => Works.Canary(CanaryPhase.Succeeded, new() { NextStepAt = minute }),
            "Succeeded, two notices" => Works.Canary(CanaryPhase.Succeeded, Works.Telling(2)),
            "Succeeded, edited" => Works.Canary(CanaryPhase.Succeeded).Edited(),
            "Succeeded, being deleted" => Works.Canary(CanaryPhase.Succeeded).BeingDeleted(),
            "Progressing, to be suspended" => Works.Canary(CanaryPhase.Progressing).Suspended().Edited(),
            "Progressing, suspended" => Works.Canary(CanaryPhase.Progressing, suspended).Suspended(),
            "Progressing, suspended and edited" => Works.Canary(CanaryPhase.Progressing, suspended).Suspended().Edited(),
            "Progressing, suspended and overdue" => Works.Canary(CanaryPhase.Progressing, suspended with { NextStepAt = due }).Suspended(),
            "Progressing, suspended and being deleted" => Works.Canary(CanaryPhase.Progressing, suspended).Suspended().BeingDeleted(),
            "None, held until edited" => Works.Canary(CanaryPhase.None, held),
            "None, held and edited" => Works.Canary(CanaryPhase.None, held).Edited(),
            "None, held until a look in a minute" => Works.Canary(CanaryPhase.None, held with { NextStepAt = minute }),
            "None, held until a look that is due" => Works.Canary(CanaryPhase.None, held with { NextStepAt = due }),
            "Progressing, held until a look in a minute" => Works.Canary(CanaryPhase.Progressing, held with { NextStepAt = minute }),
            _ => Works.Canary(Enum.Parse<CanaryPhase>(state)),
        };
    }

    private Workload Measure(Func<string, bool>? hasNamespace = null) => _index.Measure(hasNamespace ?? (_ => true), Now);

    private void Tell(JsonObject obj) => _index.Apply(obj.Text("kind") == "Canary" ? Kinds.Canary : Kinds.Deployment, new(WatchEventType.Added, obj));

    private void Sync()
    {
        Synced(Kinds.Canary);
        Synced(Kinds.Deployment);
    }

    private void Synced(ResourceKind kind) => _index.Apply(kind, new(WatchEventType.Synced, null));
}
