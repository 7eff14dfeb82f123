using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Engine.Workloads;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Routing;
using WellKnown = CanaryFunctions.Core.Objects.Kinds;

namespace CanaryFunctions.Core.Engine;

/// <summary>Everything that a step read. Decisions are made on it alone.</summary>
public sealed record RolloutSnapshot
{
    public required Canary Canary { get; init; }

    public required CanaryOptions Options { get; init; }

    public required DateTimeOffset Now { get; init; }

    public required IServedKinds Kinds { get; init; }

    /// <summary>What the message that brought us here claims to have seen.</summary>
    public required StepMessage Message { get; init; }

    /// <summary>All objects read, by address; what does not exist is missing.</summary>
    public required IReadOnlyDictionary<ObjectRef, JsonObject> Objects { get; init; }

    /// <summary>The router of the Canary's provider; null when there is none of that name, which <see cref="SpecProblems"/> then says.</summary>
    public ITrafficRouter? Router { get; init; }

    /// <summary>What is wrong with the spec; empty when nothing.</summary>
    public IReadOnlyList<string> SpecProblems { get; init; } = [];

    /// <summary>An older Canary with the same target; null when there is none.</summary>
    public CanaryKey? OlderOwner { get; init; }

    /// <summary>The autoscaler's kind as the cluster serves it; null without one.</summary>
    public ResourceKind? ScalerKind { get; init; }

    public JsonObject? Target => Find(TargetRef(Canary));

    public JsonObject? Primary => Find(PrimaryDeployment.RefOf(Canary));

    public JsonObject? Scaler => ScalerRef is { } reference ? Find(reference) : null;

    public JsonObject? PrimaryScaler => PrimaryScalerRef is { } reference ? Find(reference) : null;

    public ObjectRef? ScalerRef => ScalerKind is { } kind ? new(kind, Canary.Namespace, Canary.Spec.AutoscalerRef!.Reference.Name) : null;

    public ObjectRef? PrimaryScalerRef => ScalerRef is { } source ? source with { Name = $"{source.Name}-primary" } : null;

    /// <summary>The label that tells the tracks' pods apart; null when the target has no usable one.</summary>
    public PodSelector? Selector => Target is { } target ? TargetSelector.Of(target, Options.SelectorLabels) : null;

    /// <summary>Hash of the target's template now; null without a target.</summary>
    public string? TargetHash => Target is { } target ? TemplateHash.Of(target.At("spec", "template")) : null;

    public int ReadyCanaryPods => DeploymentReadiness.ReadyPods(Target);

    public int ReadyPrimaryPods => DeploymentReadiness.ReadyPods(Primary);

    public static ObjectRef TargetRef(Canary canary) => new(WellKnown.Deployment, canary.Namespace, canary.TargetName);

    public JsonObject? Find(ObjectRef reference) => Objects.GetValueOrDefault(reference);

    public RouteInput RouteInput() => new(Canary, Objects, Kinds, Canary.OwnerReference(), Selector ?? new("", ""));
}
