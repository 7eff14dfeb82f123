using System.Security.Cryptography.X509Certificates;

namespace CanaryFunctions.Webhook.Scaling;

/// <summary>What the scaler knows besides what the watches tell it.</summary>
internal sealed record ScalerSources
{
    /// <summary>The depth of the queues; null where KEDA counts them itself, by a trigger of theirs.</summary>
    public IQueueGauge? Queues { get; init; }

    /// <summary>Why what the watches told may be behind by more than a moment; null while it is not.</summary>
    public Func<string?> IndexProblem { get; init; } = () => null;

    /// <summary>What new connections are served with, where <see cref="ScalerOptions.UseTls"/> says so.</summary>
    public Func<X509Certificate2?> Certificate { get; init; } = () => null;
}
