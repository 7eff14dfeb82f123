using System.Text;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Platform.Telemetry;

/// <summary>Writes each event as one line of JSON (contracts/core.md 3.6), so that <c>| jq .msg</c> shows the messages.</summary>
internal sealed class JsonLogProvider : ILoggerProvider, ISupportExternalScope
{
    private readonly Lock _gate = new();
    private readonly TextWriter _writer;
    private readonly bool _ownsWriter;

    public JsonLogProvider(JsonLogOptions options, TimeProvider time)
    {
        Time = time;
        Level = options.Level;
        _ownsWriter = options.Writer is null;
        _writer = options.Writer ?? new StreamWriter(
            options.ToStandardError ? Console.OpenStandardError() : Console.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false))
        {
            AutoFlush = false,
        };
    }

    public TimeProvider Time { get; }

    public LogLevel Level { get; }

    public IExternalScopeProvider Scopes { get; private set; } = new LoggerExternalScopeProvider();

    public ILogger CreateLogger(string categoryName) => new JsonLogger(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => Scopes = scopeProvider;

    public void Write(string line)
    {
        lock (_gate)
        {
            _writer.Write(line);
            _writer.Write('\n');
            _writer.Flush();
        }
    }

    public void Dispose()
    {
        if (_ownsWriter)
        {
            _writer.Dispose();
        }
    }
}
