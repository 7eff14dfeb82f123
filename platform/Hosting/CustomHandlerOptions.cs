using System.Globalization;

namespace CanaryFunctions.Platform.Hosting;

/// <summary>How the Functions host is served.</summary>
public sealed record CustomHandlerOptions
{
    private const string PortVariable = "FUNCTIONS_CUSTOMHANDLER_PORT";

    /// <summary>Port on IPv4 loopback; 0 for a free one. Default: <c>FUNCTIONS_CUSTOMHANDLER_PORT</c>.</summary>
    public int Port { get; init; } = PortOf(Environment.GetEnvironmentVariable(PortVariable));

    /// <summary>For one invocation; must be shorter than host.json's functionTimeout, whose end kills this process with all that runs in it. Default 4 min.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMinutes(4);

    /// <summary>How long a stop waits for invocations that run. Default 25 s, within the 30 s that Kubernetes gives by default.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>True in a process that the Functions host started.</summary>
    public static bool IsHosted => Environment.GetEnvironmentVariable(PortVariable) is { Length: > 0 };

    // On another port than the host's the process would look alive and never be called.
    internal static int PortOf(string? text) => string.IsNullOrEmpty(text) ? 0
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535 ? port
        : throw new FormatException($"{PortVariable}: '{text}' is no port; it must be a number from 1 to 65535.");
}
