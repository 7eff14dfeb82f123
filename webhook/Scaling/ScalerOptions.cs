using System.Net;

namespace CanaryFunctions.Webhook.Scaling;

/// <summary>How KEDA's external scaler is served. All durations are wall clock.</summary>
public sealed record ScalerOptions
{
    /// <summary>Port to listen on; 0 for any free one.</summary>
    public int Port { get; init; }

    /// <summary>Address to listen on. In a cluster: <see cref="IPAddress.Any"/>.</summary>
    public IPAddress Listen { get; init; } = IPAddress.Loopback;

    /// <summary>Serve TLS, by the webhook's certificate. Without it: HTTP/2 in the clear.</summary>
    public bool UseTls { get; init; }

    /// <summary>How long before a look falls due workers are asked for: about what one takes to start. Default 10 s.</summary>
    public TimeSpan Lead { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a message counts after this process sent it. At least KEDA's polling interval, so that a trigger that only polls sees it. Default 45 s.</summary>
    public TimeSpan HintHold { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>How long one look at the queues serves all who ask. Default 1 s.</summary>
    public TimeSpan GaugeLife { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>For one look at the queues. Default 5 s.</summary>
    public TimeSpan GaugeLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Calls that one connection may have open. KEDA has one connection for all its triggers and keeps one call open for each of type external-push; once there is
    /// no room, not even a poll gets through.
    /// </summary>
    public int MaxStreams { get; init; } = 2_000;

    /// <summary>A connection that is silent for so long is asked whether it is still there. Default 30 s.</summary>
    public TimeSpan PingDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the answer to that may take before the connection is closed. Default 20 s.</summary>
    public TimeSpan PingTimeout { get; init; } = TimeSpan.FromSeconds(20);

    internal TimeSpan ShortestWait { get; } = TimeSpan.FromMilliseconds(50);

    internal TimeSpan LongestWait { get; } = TimeSpan.FromHours(1);
}
