using CanaryFunctions.Cluster.Tests.Faults.Mishaps;

namespace CanaryFunctions.Cluster.Tests.Faults;

/// <summary>Every fault, in the order of the report; without the clock's where libfaketime is missing.</summary>
internal static class FaultCatalog
{
    /// <summary>Those that everything in the cluster feels: one after the other.</summary>
    internal static IReadOnlyList<Fault> OfTheCluster { get; } =
        [new ProcessKilled(), new ApiServerRestarted(), new EtcdPaused(), new WebhookUnreachable(), new PrometheusDown(), new TwoInstances(), .. FakeTime.WhySkip is null ? [new ClockJump()] : (Fault[])[]];

    /// <summary>Those of one namespace: at the same time.</summary>
    internal static IReadOnlyList<Fault> OfOneNamespace { get; } =
        [new PodsSlow(), new EventsRefused(), new ConflictingWrites(), new UserEdits(), new UserDeletes(), new PrimaryDeleted()];

    internal static IReadOnlyList<Fault> All { get; } = [.. OfTheCluster, .. OfOneNamespace];
}
