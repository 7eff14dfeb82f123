using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Platform.Telemetry;

/// <summary>Where log lines go, and which.</summary>
public sealed record JsonLogOptions
{
    /// <summary>The least level that is written. Default: information.</summary>
    public LogLevel Level { get; init; } = LogLevel.Information;

    /// <summary>
    /// Write to standard error, as the contract's controller does. Off by default: the Functions host takes every line there for an error.
    /// </summary>
    public bool ToStandardError { get; init; }

    /// <summary>Write here instead; for tests and for programs that show the lines.</summary>
    public TextWriter? Writer { get; init; }

    /// <summary>The level that the setting <c>log-level</c> names: debug, info, warn or warning, error; also fatal and panic, which are errors here.</summary>
    /// <exception cref="FormatException">It names none.</exception>
    public static LogLevel ParseLevel(string text) => text.Trim().ToLowerInvariant() switch
    {
        "debug" => LogLevel.Debug,
        "info" => LogLevel.Information,
        "warn" or "warning" => LogLevel.Warning,
        "error" or "fatal" or "panic" => LogLevel.Error,
        _ => throw new FormatException($"log-level: '{text}' is no level; use debug, info, warning or error."),
    };
}
