using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Platform.Hosting;

/// <summary>
/// Collects what is logged within each invocation: the Functions host shows it beside the invocation, which it cannot do with the lines of standard output.
/// </summary>
public sealed class InvocationLogs : ILoggerProvider
{
    private readonly AsyncLocal<InvocationLog?> _current = new();

    /// <summary>From here on the caller's invocation, with all that it awaits, logs into this.</summary>
    internal InvocationLog Begin() => _current.Value = new InvocationLog();

    public ILogger CreateLogger(string categoryName) => new Collector(this);

    public void Dispose()
    {
        // Nothing is held.
    }

    private sealed class Collector(InvocationLogs logs) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
            => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel is not LogLevel.None && logs._current.Value is not null;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => logs._current.Value?.Add(logLevel, formatter(state, exception), exception);
    }
}

/// <summary>The lines of one invocation. The host takes all of them for information, so the level stands in the text.</summary>
internal sealed class InvocationLog
{
    private const int MostLines = 200;

    private readonly ConcurrentQueue<string> _lines = new();
    private int _count;

    public void Add(LogLevel level, string text, Exception? exception)
    {
        if (Interlocked.Increment(ref _count) <= MostLines)
        {
            var prefix = level switch { LogLevel.Warning => "warning: ", >= LogLevel.Error => "error: ", _ => "" };
            _lines.Enqueue(exception is null ? $"{prefix}{text}" : $"{prefix}{text} {exception.GetType().Name}: {exception.Message}");
        }
    }

    /// <summary>For the answer's <c>Logs</c>.</summary>
    public JsonArray ToJson()
    {
        string[] more = _count > MostLines ? [$"{_count - MostLines} more lines are in the process' own log."] : [];
        return new([.. _lines.Concat(more).Select(l => JsonValue.Create(l))]);
    }
}
