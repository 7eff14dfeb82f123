using System.Net;
using CanaryFunctions.LoadTester.Flags;

namespace CanaryFunctions.LoadTester;

/// <summary>The program's flags (contracts/hooks-alerts.md 3.1), in Go's syntax.</summary>
internal static class ProgramFlags
{
    /// <summary>What every manifest and chart asks for.</summary>
    private const int DefaultPort = 8080;

    /// <summary>Throws <see cref="GoFlagException"/>.</summary>
    public static LoadTesterOptions Parse(IReadOnlyList<string> words)
    {
        var port = DefaultPort;
        var timeout = TimeSpan.FromHours(1);
        var namespaces = "";
        var level = "debug";
        var rest = new GoFlagSet()
            .Int("port", v => port = v)
            .Duration("timeout", v => timeout = v)
            .Text("namespace-regexp", v => namespaces = v)
            .Text("log-level", v => level = v)

            // Existing manifests pass these two; lines are always JSON and there is no global logger.
            .Text("zap-encoding", _ => { })
            .Bool("zap-replace-globals", _ => { })
            .Parse(words);
        if (rest.Count > 0)
        {
            throw new GoFlagException($"'{rest[0]}' is not a flag; the load tester takes flags only.");
        }

        return new()
        {
            ListenAddress = IPAddress.Any,
            Port = port,
            TaskTimeout = timeout,
            NamespaceRegexp = namespaces,
            LogLevel = LevelOf(level),
        };
    }

    private static LogLevel LevelOf(string name) => name switch
    {
        "debug" => LogLevel.Debug,
        "info" => LogLevel.Information,
        "warn" or "warning" => LogLevel.Warning,
        "error" => LogLevel.Error,
        "fatal" or "panic" => LogLevel.Critical,
        _ => throw new GoFlagException($"-log-level: '{name}' is not known; use one of: debug, info, warning (or warn), error, fatal, panic."),
    };
}
