namespace CanaryFunctions.Core.Sweeping;

/// <summary>How replicas share the sweep. Durations are wall clock, but for <see cref="Period"/>.</summary>
public sealed record SweepOptions
{
    /// <summary>Tells replicas apart: a DNS label, in a pod its name.</summary>
    public required string Identity { get; init; }

    /// <summary>Namespace of the Leases.</summary>
    public required string LeaseNamespace { get; init; }

    /// <summary>Between sweeps; nominal.</summary>
    public TimeSpan Period { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Between renewals of the Lease.</summary>
    public TimeSpan Renewal { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long a Lease holds that is not renewed. With the renewal it makes that a lost replica's Canaries go on within 15 s.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(9);

    /// <summary>How long the first sweep waits for the list of replicas.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);
}
