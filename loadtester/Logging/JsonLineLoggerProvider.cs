namespace CanaryFunctions.LoadTester.Logging;

/// <summary>Writes each log line as one JSON object with <c>level</c>, <c>ts</c>, <c>msg</c> and, where it concerns one, <c>canary</c>.</summary>
internal sealed class JsonLineLoggerProvider(Action<string> sink, TimeProvider time, LogLevel least) : ILoggerProvider, ISupportExternalScope
{
    private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

    public ILogger CreateLogger(string categoryName) => new JsonLineLogger(sink, time, least, () => _scopes);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose()
    {
        // The sink belongs to whoever gave it.
    }
}
