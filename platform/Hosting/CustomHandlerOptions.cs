using System.Globalization;

namespace CanaryFunctions.Platform.Hosting;

/// <summary>How the Functions host is served.</summary>
public sealed record CustomHandlerOptions
{
    /// <summary>Port on IPv4 loopback; 0 for a free one. Default: <c>FUNCTIONS_CUSTOMHANDLER_PORT</c>.</summary>
    public int Port { get; init; } = PortOf(Environment.GetEnvironmentVariable("FUNCTIONS_CUSTOMHANDLER_PORT"));

    /// <summary>For one invocation; must be shorter than host.json's functionTimeout, whose end kills this process with all that runs in it. Default 4 min.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMinutes(4);

    /// <summary>True in a process that the Functions host started.</summary>
    public static bool IsHosted => Environment.GetEnvironmentVariable("FUNCTIONS_CUSTOMHANDLER_PORT") is { Length: > 0 };

    private static int PortOf(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : 0;
}
