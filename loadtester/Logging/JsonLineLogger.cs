using System.Text.Json.Nodes;

namespace CanaryFunctions.LoadTester.Logging;

/// <summary>One logger of the <see cref="JsonLineLoggerProvider"/>.</summary>
internal sealed class JsonLineLogger(Action<string> sink, TimeProvider time, LogLevel least, Func<IExternalScopeProvider> scopes) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => scopes().Push(state);

    public bool IsEnabled(LogLevel logLevel) => logLevel >= least && logLevel != LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        var line = new JsonObject
        {
            ["level"] = NameOf(logLevel),
            ["ts"] = time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ"),
            ["msg"] = formatter(state, exception),
        };
        scopes().ForEachScope(
            static (scope, target) =>
            {
                if (scope is CanaryScope { Canary: var canary })
                {
                    target["canary"] = canary.ToString();
                }
            },
            line);
        if (exception is not null)
        {
            line["error"] = exception.ToString();
        }

        sink(line.ToJsonString(ReadableJson.Options));
    }

    private static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        _ => "error",
    };
}
