namespace CanaryFunctions.Simulator.Pods;

/// <summary>How pods are run.</summary>
public sealed class PodNodeOptions
{
    /// <summary>Nominal time per real time. Above 0; default 1.</summary>
    public double Speed { get; init; } = 1;

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>From starting a pod until it is ready, nominal. Default 1.5 s.</summary>
    public TimeSpan StartupDelay { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>How long a deleted pod goes on serving, nominal, but never shorter than <see cref="MinimumGrace"/>. Default 1 s.</summary>
    public TimeSpan TerminationGrace { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Real time that the news of a pod's deletion gets to reach whoever sends it requests. Default 300 ms.</summary>
    public TimeSpan MinimumGrace { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>Name of the node. Default <c>embedded</c>.</summary>
    public string NodeName { get; init; } = "embedded";

    /// <summary>Binds pods that have no node yet. Off where a real scheduler does.</summary>
    public bool Schedules { get; init; } = true;

    internal TimeSpan RealStartupDelay => StartupDelay / Speed;

    internal TimeSpan RealGrace => TerminationGrace / Speed is var grace && grace > MinimumGrace ? grace : MinimumGrace;
}
