using System.Text.Json.Nodes;
using CanaryFunctions.Core.Admission;
using CanaryFunctions.Core.Engine;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Core.Tests.Admission;

public sealed class AdmissionPolicyTests
{
    private readonly TargetIndex _index = new();

    [Fact]
    public void Mutate_GoodCanary_PatchesDefaultsIn()
    {
        var decision = Policy().Mutate(Create(Manifests.Canary()));

        decision.IsAllowed.ShouldBeTrue();
        decision.Patch!.ToJsonString().ShouldBe("""[{"op":"add","path":"/spec/service/portName","value":"http"}]""");
    }

    [Fact]
    public void Mutate_CanaryWithAllDefaults_HasNoPatch()
        => Policy().Mutate(Create(Manifests.Canary().With("spec.service.portName", "\"http\""))).Patch.ShouldBeNull();

    [Fact]
    public void Mutate_BadCanary_IsDeniedWithEveryProblem()
    {
        _index.Apply(new WatchEvent(WatchEventType.Added, Manifests.Canary("older")));
        var decision = Policy().Mutate(Create(Manifests.Canary().With("spec.analysis.threshold", "-1").With("spec.analysis.interval", "\"abc\"")));

        decision.IsAllowed.ShouldBeFalse();
        decision.Message.ShouldBe("""
            Canary podinfo.test has 3 problems:
            - spec.analysis.interval: 'abc' must be a Go duration above 0, such as 10s or 1m30s.
            - spec.analysis.threshold: '-1' must be 1 or more.
            - spec.targetRef.name: 'podinfo' is the target of Canary older.test already; a Deployment can have one Canary.
            """);
    }

    [Fact]
    public void Deny_OneProblem_IsOneLine()
        => Policy().Validate(Create(Manifests.Canary().With("spec.analysis.threshold", "-1"))).Message
            .ShouldBe("Canary podinfo.test has a problem: spec.analysis.threshold: '-1' must be 1 or more.");

    [Fact]
    public void Deny_EndlessProblems_AreCut()
    {
        var decision = Policy().Validate(Create(Manifests.Canary().With("spec.analysis.metrics", $"[{string.Join(',', Enumerable.Repeat("1", 40))}]")));

        decision.Problems.Count.ShouldBe(26);
        decision.Message!.ShouldEndWith("\n- spec has 15 more problems, which are listed once these are mended.");
    }

    [Fact]
    public void Mutate_BadMetricTemplateAndAlertProvider_AreDenied()
    {
        var template = Manifests.Parse("""{"kind":"MetricTemplate","metadata":{"name":"t","namespace":"test"},"spec":{"provider":{"type":"x"},"query":"1"}}""");
        var provider = Manifests.Parse("""{"kind":"AlertProvider","metadata":{"name":"a","namespace":"test"},"spec":{"type":"x","address":"http://a"}}""");

        Policy().Mutate(Create(template)).Problems.Single().Path.ShouldBe("spec.provider.type");
        Policy().Mutate(Create(provider)).Problems.Single().Path.ShouldBe("spec.type");
    }

    [Fact]
    public void Validate_UpdateThatLeavesABadSpecAlone_IsAllowed()
    {
        var bad = Manifests.Canary().With("spec.analysis.threshold", "-1");

        Policy().Validate(Update(bad, bad.Copy().With("metadata.finalizers", "[]"))).IsAllowed.ShouldBeTrue();
        Policy().Validate(Update(bad, bad.Copy().With("spec.analysis.threshold", "-2"))).IsAllowed.ShouldBeFalse();
        Policy().Mutate(Update(bad, bad.Copy().With("metadata.labels", """{"a":"b"}"""))).ShouldBe(AdmissionDecision.Allow);
    }

    [Fact]
    public void Validate_BadSpecThatIsBeingDeleted_IsAllowed()
    {
        var going = Manifests.Canary().With("spec.analysis.threshold", "-2").With("metadata.deletionTimestamp", "\"2026-01-01T00:00:00Z\"");

        Policy().Validate(Update(Manifests.Canary(), going)).IsAllowed.ShouldBeTrue();
    }

    [Fact]
    public void Validate_OtherNamespaceThanTheInstalls_IsNotOurs()
    {
        var bad = Create(Manifests.Canary().With("spec.analysis.threshold", "-1"));

        Policy(new() { Namespace = "prod" }).Validate(bad).IsAllowed.ShouldBeTrue();
        Policy(new() { Namespace = "test" }).Validate(bad).IsAllowed.ShouldBeFalse();
    }

    [Fact]
    public void Validate_StatusWrite_IsNotExamined()
        => Policy().Validate(Create(Manifests.Canary().With("spec", "{}")) with { SubResource = "status" }).IsAllowed.ShouldBeTrue();

    [Fact]
    public void Validate_TargetTaken_IsDeniedOnlyWhenItIsProvenAndNew()
    {
        _index.Apply(new WatchEvent(WatchEventType.Added, Manifests.Canary("older")));
        var mine = Manifests.Canary("newer");

        Policy().Validate(Create(mine)).IsAllowed.ShouldBeFalse();
        Policy().Validate(Create(Manifests.Canary("older"))).IsAllowed.ShouldBeTrue();
        Policy().Validate(Create(Manifests.Canary("newer", ns: "prod"))).IsAllowed.ShouldBeTrue();
        Policy().Validate(Create(Manifests.Canary("newer", target: "web"))).IsAllowed.ShouldBeTrue();
        Policy().Validate(Update(Manifests.Canary("newer", target: "web"), mine)).IsAllowed.ShouldBeFalse();
        Policy().Validate(Update(mine, mine.Copy().With("spec.analysis.threshold", "3"))).Warnings
            .ShouldBe(["spec.targetRef.name: 'podinfo' is the target of Canary older.test already; a Deployment can have one Canary."]);

        _index.Apply(new WatchEvent(WatchEventType.Modified, Manifests.Canary("older").With("metadata.deletionTimestamp", "\"2026-01-01T00:00:00Z\"")));
        Policy().Validate(Create(mine)).IsAllowed.ShouldBeTrue();
    }

    [Fact]
    public void Mutate_CanaryWithoutTarget_HasNoConflictWithAnotherWithoutTarget()
    {
        _index.Apply(new WatchEvent(WatchEventType.Added, Manifests.Canary("broken").With("spec.targetRef", null)));

        Policy().Mutate(Create(Manifests.Canary().With("spec.targetRef", null))).Problems.Select(p => p.Path).ShouldBe(["spec.targetRef"]);
    }

    [Fact]
    public void Validate_ReferencesThatLeadNowhere_AreWarnedOf()
    {
        var canary = Manifests.Canary().With("spec.analysis.metrics[0]", """{"name":"latency","thresholdRange":{"max":1},"templateRef":{"name":"latency","namespace":"ops"}}""")
            .With("spec.analysis.alerts", """[{"name":"a","providerRef":{"name":"on-call"}}]""");
        Policy().Validate(Create(canary)).Warnings.ShouldBeEmpty("nothing is known yet");

        _index.SyncAll();

        Policy().Validate(Create(canary)).Warnings.ShouldBe(
        [
            "spec.targetRef names Deployment podinfo.test, which does not exist yet; the Canary takes it up when it appears.",
            "spec.ingressRef names Ingress podinfo.test, which does not exist yet; the Canary takes it up when it appears.",
            "spec.autoscalerRef names HorizontalPodAutoscaler podinfo.test, which does not exist yet; the Canary takes it up when it appears.",
            "spec.analysis.metrics[0].templateRef names MetricTemplate latency.ops, which does not exist yet; the Canary takes it up when it appears.",
            "spec.analysis.alerts[0].providerRef names AlertProvider on-call.test, which does not exist yet; the Canary takes it up when it appears.",
        ]);

        _index.Apply(Kinds.Deployment, new(WatchEventType.Added, Manifests.Deployment()));
        Policy().Validate(Create(canary)).Warnings.Count.ShouldBe(5);
    }

    public static readonly TheoryData<string, AdmissionRequest, bool> Writes = new()
    {
        { "new image", Update(Manifests.Deployment(), Manifests.Deployment(image: "podinfo:2", generation: 2)), true },
        { "created", Create(Manifests.Deployment()), true },
        { "scaled", Update(Manifests.Deployment(), Manifests.Deployment(generation: 2).With("spec.replicas", "9")), false },
        { "labelled", Update(Manifests.Deployment(), Manifests.Deployment().With("metadata.labels", """{"a":"b"}""")), false },
        { "nothing", Update(Manifests.Deployment(), Manifests.Deployment()), false },
        { "dry run", Update(Manifests.Deployment(), Manifests.Deployment(image: "podinfo:2")) with { DryRun = true }, false },
        { "status", Update(Manifests.Deployment(), Manifests.Deployment(image: "podinfo:2")) with { SubResource = "status" }, false },
        { "no target", Update(Manifests.Deployment("other"), Manifests.Deployment("other", image: "podinfo:2")), false },
        { "other namespace", Update(Manifests.Deployment(ns: "prod"), Manifests.Deployment(ns: "prod", image: "podinfo:2")), false },
        { "other kind", Update(Manifests.Deployment(), Manifests.Deployment(image: "podinfo:2")) with { Kind = "DaemonSet" }, false },
        { "other group", Update(Manifests.Deployment(), Manifests.Deployment(image: "podinfo:2")) with { Group = "extensions" }, false },
        { "own service account", Update(Manifests.Deployment(), Manifests.Deployment(image: "podinfo:2")) with { User = "system:serviceaccount:canary:canary" }, true },
        { "canary created", Create(Manifests.Canary()), true },
        { "canary created on dry run", Create(Manifests.Canary()) with { DryRun = true }, false },
        { "canary changed", Update(Manifests.Canary(), Manifests.Canary().With("spec.suspend", "true")), true },
        { "canary labelled", Update(Manifests.Canary(), Manifests.Canary().With("metadata.labels", """{"a":"b"}""")), false },
        { "canary status", Update(Manifests.Canary(), Manifests.Canary().With("spec.suspend", "true")) with { SubResource = "status" }, false },
        { "canary on its way out", Update(Manifests.Canary(), Manifests.Canary().With("metadata.deletionTimestamp", "\"2026-01-01T00:00:00Z\"")), true },
        { "canary deleted", new("r1", AdmissionOperation.Delete, "flagger.app", "Canary") { Namespace = "test", Name = "podinfo", OldObject = Manifests.Canary() }, true },
        { "template created", Create(Manifests.Parse("""{"kind":"MetricTemplate","metadata":{"name":"podinfo","namespace":"test"}}""")), false },
    };

    [Theory]
    [MemberData(nameof(Writes))]
    public void Detect_Write_HintsOnlyWhenThereIsSomethingToLookAt(string what, AdmissionRequest request, bool isHint)
    {
        _index.Apply(new WatchEvent(WatchEventType.Added, Manifests.Canary()));
        var decision = Policy().Detect(request);

        decision.IsAllowed.ShouldBeTrue(what);
        decision.Hints.Select(h => h.Canary).ShouldBe(isHint ? [new CanaryKey("test", "podinfo")] : [], what);
    }

    [Fact]
    public void Detect_EditedCanary_SaysWhichGenerationItWillHave()
    {
        var edited = Manifests.Canary().With("spec.suspend", "true");

        Policy().Detect(Update(Manifests.Canary().With("metadata.generation", "3"), edited.With("metadata.generation", "4"))).Hints.Single().CanaryGeneration.ShouldBe(4);
        Policy().Detect(Update(Manifests.Canary().With("metadata.generation", "3"), edited.With("metadata.generation", "3"))).Hints.Single().CanaryGeneration.ShouldBe(4);
        Policy().Detect(Create(Manifests.Canary())).Hints.Single().CanaryGeneration.ShouldBeNull();
    }

    [Theory]
    [InlineData("kube-system", null, false)]
    [InlineData("canary", "canary", false)]
    [InlineData("canary", null, true)]
    public void Detect_Namespace_SystemAndOwnAreLeftOut(string ns, string? own, bool isHint)
    {
        _index.Apply(new WatchEvent(WatchEventType.Added, Manifests.Canary(ns: ns)));

        Policy().Detect(Create(Manifests.Deployment(ns: ns)), own).Hints.Count.ShouldBe(isHint ? 1 : 0);
    }

    [Fact]
    public void Detect_NewImage_CarriesTheEvidence()
    {
        _index.Apply(new WatchEvent(WatchEventType.Added, Manifests.Canary("a")));
        _index.Apply(new WatchEvent(WatchEventType.Added, Manifests.Canary("b")));
        var changed = Manifests.Deployment(image: "podinfo:2", generation: 4);

        var hints = Policy().Detect(Update(Manifests.Deployment(generation: 3), changed) with { User = "jane" }).Hints;

        hints.Select(h => h.Canary.Name).ShouldBe(["a", "b"]);
        hints[0].TargetUid.ShouldBe("uid-podinfo");
        hints[0].TargetGeneration.ShouldBe(4);
        hints[0].TargetHash.ShouldBe(TemplateHash.Of(changed.At("spec", "template")));
        hints[0].User.ShouldBe("jane");
    }

    [Fact]
    public void Detect_ServerThatCountsUpLater_NamesTheGenerationToCome()
    {
        _index.Apply(new WatchEvent(WatchEventType.Added, Manifests.Canary()));

        Policy().Detect(Update(Manifests.Deployment(generation: 3), Manifests.Deployment(image: "podinfo:2", generation: 3))).Hints.Single().TargetGeneration.ShouldBe(4);
        Policy().Detect(Create(Manifests.Deployment(generation: 0).With("metadata.uid", null))).Hints.Single().ShouldSatisfyAllConditions(
            h => h.TargetGeneration.ShouldBe(1), h => h.TargetUid.ShouldBeNull());
    }

    [Fact]
    public void Detect_SameReview_SameAnswer()
    {
        _index.Apply(new WatchEvent(WatchEventType.Added, Manifests.Canary()));
        var request = Update(Manifests.Deployment(), Manifests.Deployment(image: "podinfo:2"));

        Policy().Detect(request).Hints.Single().ToMessage().ShouldBe(Policy().Detect(request).Hints.Single().ToMessage());
    }

    [Fact]
    public void Detect_ClusterWithAName_IsInTheMessages()
    {
        _index.Apply(new WatchEvent(WatchEventType.Added, Manifests.Canary()));
        var (named, unnamed) = (Policy(new() { ClusterName = "east" }), Policy());

        foreach (var request in new[] { Update(Manifests.Deployment(), Manifests.Deployment(image: "podinfo:2")), Create(Manifests.Canary()) })
        {
            named.Detect(request).Hints.Single().ToMessage().Body.ShouldContain("\"cluster\":\"east\"");
            unnamed.Detect(request).Hints.Single().ToMessage().Body.ShouldNotContain("cluster");
            named.Detect(request).Hints.Single().ToMessage().Id.ShouldNotBe(unnamed.Detect(request).Hints.Single().ToMessage().Id);
        }
    }

    private static AdmissionRequest Create(JsonObject obj) => Request(AdmissionOperation.Create, obj) with { Object = obj };

    private static AdmissionRequest Update(JsonObject old, JsonObject obj) => Request(AdmissionOperation.Update, obj) with { Object = obj, OldObject = old };

    private static AdmissionRequest Request(AdmissionOperation operation, JsonObject obj)
    {
        var kind = obj.Text("kind")!;
        return new("r1", operation, kind == "Deployment" ? "apps" : "flagger.app", kind) { Namespace = obj.Namespace(), Name = obj.Name(), User = "kubernetes-admin" };
    }

    private AdmissionPolicy Policy(CanaryOptions? options = null) => Validators.Policy(_index, options);
}
