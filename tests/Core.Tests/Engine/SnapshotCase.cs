using System.Text.Json.Nodes;
using CanaryFunctions.Core.Analysis;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Engine;
using CanaryFunctions.Core.Engine.Checks;
using CanaryFunctions.Core.Engine.Planning;
using CanaryFunctions.Core.Engine.Workloads;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Tests.Engine;

/// <summary>What a Deployment of a generated snapshot looks like.</summary>
public sealed record PodsCase(bool Exists, int Wanted, int Ready, bool IsStuck);

/// <summary>How far the run of a generated snapshot is.</summary>
public sealed record RunCase(CanaryPhase Phase, int Weight, int FailedChecks, string? Applied, string? Promoted, bool IsCopied, bool TargetMoved);

/// <summary>Seconds from now at which things fall due; null for never.</summary>
public sealed record DueCase(int? NextStep, int? Deadline, int Waits, int? Traffic, bool SpecSeen);

/// <summary>The spec of a generated snapshot.</summary>
public sealed record SpecCase(int StepWeight, bool HasLadder, int PromotionStep, bool SkipAnalysis, bool Suspend, int PrimaryReady, int CanaryReady, bool HasScaler);

/// <summary>What the outside says: the hook types that exist, those that say yes, and what every metric shows.</summary>
public sealed record OutsideCase(int Hooks, int Yes, int Metric);

/// <summary>What stands in the way.</summary>
public sealed record TroubleCase(bool IsDeleted, bool IsInvalid, bool HasOwner, bool IsBlocked, bool HasServices, int? Route);

/// <summary>One generated snapshot, and the decision made on it.</summary>
public sealed record SnapshotCase(RunCase Run, DueCase Due, PodsCase Target, PodsCase Primary, SpecCase Spec, OutsideCase Outside, TroubleCase Trouble)
{
    /// <summary>Stands for the hash of the target's template as it is.</summary>
    public const string Current = "current";
    private const int Generation = 5;

    private static readonly DateTimeOffset Now = new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero);

    internal RolloutSnapshot Snapshot()
    {
        var options = new CanaryOptions { MeshProvider = "fake" };
        var target = Pods(World.Deployment("podinfo", "podinfo:2"), Target);
        var canary = Canary.From(CanaryObject(TemplateHash.Of(target.At("spec", "template"))));
        var objects = new Dictionary<ObjectRef, JsonObject>();
        Add(Target.Exists, Kinds.Deployment, target);
        Add(Primary.Exists, Kinds.Deployment, PrimaryOf(canary, target, options));
        Add(Trouble.Route is not null, FakeRouter.Route, Route());
        foreach (var (name, value) in new[] { ("podinfo", "podinfo-primary"), ("podinfo-primary", "podinfo-primary"), ("podinfo-canary", "podinfo") })
        {
            var created = ServicePlanner.Plan(canary, name, ServiceMetadata.None, null, target, new("app", "podinfo"), value)!.Desired!;
            Add(Trouble.HasServices, Kinds.Service, created);
        }

        Add(Spec.HasScaler, Scaler, World.Parse("""
            {"apiVersion":"autoscaling/v2","kind":"HorizontalPodAutoscaler","metadata":{"name":"podinfo","namespace":"test","resourceVersion":"1"},
             "spec":{"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"podinfo"},"minReplicas":2,"maxReplicas":4}}
            """));
        return new()
        {
            Canary = canary,
            Options = options,
            Now = Now,
            Kinds = new NoKinds(),
            Message = new(World.Namespace, "podinfo", StepCauses.Successor),
            Objects = objects,
            Router = new FakeRouter { Problem = Trouble.IsBlocked ? "the ingress is missing" : null },
            ScalerKind = Spec.HasScaler ? Scaler : null,
            SpecProblems = Trouble.IsInvalid ? ["spec.provider: 'x' is not a known provider."] : [],
            OlderOwner = Trouble.HasOwner ? new CanaryKey(World.Namespace, "older") : null,
        };

        void Add(bool exists, ResourceKind kind, JsonObject obj)
        {
            if (exists)
            {
                obj.Metadata()["resourceVersion"] = "1";
                objects[obj.RefOf(kind)] = obj;
            }
        }
    }

    /// <summary>The decision, with everything answered that it asks.</summary>
    internal StepDecision Decide(RolloutSnapshot snapshot)
    {
        var answers = CheckAnswers.None;
        for (var asked = 0; asked < 20; asked++)
        {
            var decision = Gates.Decide(new(snapshot, answers));
            if (decision is not StepDecision.Ask { Request: var request })
            {
                return decision;
            }

            answers = Answer(request, answers);
        }

        throw new InvalidOperationException("asks without end");
    }

    private static ResourceKind Scaler { get; } = new("autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers");

    private CheckAnswers Answer(CheckRequest request, CheckAnswers answers) => request switch
    {
        CheckRequest.Hooks hooks => answers.With(hooks.Type, [.. hooks.InOrder.Select(h => new HookAnswer(h, (Outside.Yes >> (int)h.Type & 1) == 1, "no"))]),
        CheckRequest.Metrics metrics => answers with { Metrics = [.. metrics.All.Select(m => new MetricAnswer(m, MetricClass.SuccessRate, Sample(), "fake"))] },
        _ => answers with { ProbeProblems = Outside.Metric == 4 ? ["prometheus not available"] : [] },
    };

    private MetricSample Sample() => Outside.Metric switch
    {
        0 => new MetricSample.Value(100),
        1 => new MetricSample.Value(50),
        2 => new MetricSample.Value(double.NaN),
        3 => new MetricSample.NoData("no values found"),
        _ => new MetricSample.Error("refused"),
    };

    private JsonObject CanaryObject(string hash)
    {
        var json = World.CanaryObject();
        var metadata = json.Metadata();
        (metadata["uid"], metadata["generation"], metadata["resourceVersion"]) = ("uid-1", Due.SpecSeen ? 3 : 4, "1");
        metadata["finalizers"] = new JsonArray(Canary.Finalizer);
        if (Trouble.IsDeleted)
        {
            metadata["deletionTimestamp"] = KubeObject.Timestamp(Now);
        }

        WriteSpec(json.Section("spec"));
        json["status"] = (Canary.From(json).Status with
        {
            Phase = Run.Phase,
            CanaryWeight = Run.Weight,
            FailedChecks = Run.FailedChecks,
            LastAppliedSpec = Run.Applied == Current ? hash : Run.Applied,
            LastPromotedSpec = Run.Promoted == Current ? hash : Run.Promoted,
            RunId = "run-1",
            Step = 7,
            ObservedGeneration = 3,
            TargetGeneration = Run.TargetMoved ? Generation - 1 : Generation,
            ObservedTargetGeneration = Run.TargetMoved ? Generation - 1 : Generation,
            NextStepAt = In(Due.NextStep),
            DeadlineAt = In(Due.Deadline),
            Waits = Due.Waits,
            TrafficSince = In(Due.Traffic),
        }).ToJson();
        return json;
    }

    private void WriteSpec(JsonObject spec)
    {
        (spec["suspend"], spec["skipAnalysis"]) = (Spec.Suspend, Spec.SkipAnalysis);
        var analysis = spec.Section("analysis");
        analysis["stepWeightPromotion"] = Spec.PromotionStep;
        (analysis["primaryReadyThreshold"], analysis["canaryReadyThreshold"]) = (Spec.PrimaryReady, Spec.CanaryReady);
        analysis["stepWeight"] = Spec.HasLadder ? 0 : Spec.StepWeight;
        if (Spec.HasLadder)
        {
            analysis["stepWeights"] = new JsonArray(1, 10, 50);
        }

        analysis["webhooks"] = new JsonArray([.. HookTypes.Names.Where(t => (Outside.Hooks >> (int)t.Key & 1) == 1)
            .Select(t => (JsonNode)new JsonObject { ["name"] = t.Value, ["type"] = t.Value, ["url"] = "http://hooks/" + t.Value })]);
        if (Spec.HasScaler)
        {
            spec["autoscalerRef"] = World.Parse("""{"apiVersion":"autoscaling/v2","kind":"HorizontalPodAutoscaler","name":"podinfo"}""");
        }
    }

    private JsonObject PrimaryOf(Canary canary, JsonObject target, CanaryOptions options)
    {
        var primary = PrimaryDeployment.Create(canary, target, new("app", "podinfo"), options);
        primary["spec"]!["template"]!["metadata"]!["annotations"]![PrimaryDeployment.RollTrigger] = Run.IsCopied ? "run-1" : "run-0";
        return Pods(primary, Primary);
    }

    private JsonObject Route()
    {
        var route = KubeObject.New(FakeRouter.Route, World.Namespace, "podinfo");
        route["spec"] = new JsonObject { ["primary"] = 100 - Trouble.Route, ["canary"] = Trouble.Route };
        return route;
    }

    private static JsonObject Pods(JsonObject deployment, PodsCase pods)
    {
        deployment.Metadata()["generation"] = Generation;
        deployment["spec"]!["replicas"] = pods.Wanted;
        deployment["status"] = new JsonObject
        {
            ["observedGeneration"] = Generation,
            ["replicas"] = pods.Wanted,
            ["updatedReplicas"] = pods.Wanted,
            ["readyReplicas"] = pods.Ready,
            ["availableReplicas"] = pods.Ready,
            ["conditions"] = pods.IsStuck ? new JsonArray(new JsonObject { ["type"] = "Progressing", ["reason"] = "ProgressDeadlineExceeded" }) : [],
        };
        return deployment;
    }

    private static DateTimeOffset? In(int? seconds) => seconds is { } s ? Now.AddSeconds(s) : null;

    private sealed class NoKinds : IServedKinds
    {
        public ResourceKind? Find(string group, string kind) => null;
    }
}
