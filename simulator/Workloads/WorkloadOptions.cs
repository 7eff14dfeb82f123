namespace CanaryFunctions.Simulator.Workloads;

/// <summary>Which of a cluster's controllers run here. Against a real control plane its kube-controller-manager does that work, and the flags go off.</summary>
public sealed class WorkloadOptions
{
    /// <summary>Nominal time per real time. Above 0; default 1.</summary>
    public double Speed { get; init; } = 1;

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    public bool Deployments { get; init; } = true;

    public bool ReplicaSets { get; init; } = true;

    public bool Autoscalers { get; init; } = true;

    public bool Endpoints { get; init; } = true;

    internal TimeSpan Scaled(TimeSpan nominal) => nominal / Speed;
}
