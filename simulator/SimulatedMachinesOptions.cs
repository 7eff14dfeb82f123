using CanaryFunctions.Simulator.Network;
using CanaryFunctions.Simulator.Pods;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CanaryFunctions.Simulator;

/// <summary>How <see cref="SimulatedMachines"/> start.</summary>
public class SimulatedMachinesOptions
{
    /// <summary>Nominal time per real time: waits and delays are divided by it. Above 0; default 1.</summary>
    public double Speed { get; init; } = 1;

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Port of the gateway on 127.0.0.1; 0, the default, for a free one.</summary>
    public int GatewayPort { get; init; }

    /// <summary>Nominal time between two scrapes. Default 5 s.</summary>
    public TimeSpan ScrapeInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>From starting a pod until it is ready, nominal. Default 1.5 s.</summary>
    public TimeSpan StartupDelay { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>Further images that pods can run; asked before the built-in ones. Default: none.</summary>
    public IReadOnlyList<IPodImage> Images { get; init; } = [];

    /// <summary>
    /// A Prometheus that runs on this machine and scrapes <see cref="SimulatedMachines.ScrapeTargets"/>: what the cluster's names of Prometheus lead to. Null, the
    /// default: one of ours does both.
    /// </summary>
    public LoopbackTarget? Prometheus { get; init; }

    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    internal void Validate()
    {
        if (!double.IsFinite(Speed) || Speed <= 0)
        {
            throw new ArgumentException($"Speed: '{Speed}' must be above 0.");
        }

        if (ScrapeInterval <= TimeSpan.Zero)
        {
            throw new ArgumentException($"ScrapeInterval: '{ScrapeInterval}' must be above 0.");
        }
    }
}
