using System.Globalization;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Platform.Telemetry;

/// <summary>The logger of one category.</summary>
internal sealed class JsonLogger(JsonLogProvider provider, string category) : ILogger
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
        => provider.Scopes.Push(state);

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None && logLevel >= provider.Level;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        var line = new JsonLogLine();
        line.Add("level", Name(logLevel));
        line.Add("ts", provider.Time.GetUtcNow().UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture));
        line.Add("logger", category);
        line.Add("msg", formatter(state, exception));

        // What stands in the event itself counts more than what surrounds it, and an inner scope more than an outer one: the first of a name stays.
        line.AddAll(state);
        line.AddScopes(provider.Scopes);
        if (exception is not null)
        {
            line.Add("stacktrace", exception.ToString());
        }

        provider.Write(line.ToString());
    }

    private static string Name(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        _ => "error",
    };
}
