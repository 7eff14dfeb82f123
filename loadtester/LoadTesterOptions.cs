using System.Net;
using CanaryFunctions.LoadTester.Gates;
using CanaryFunctions.LoadTester.Shell;

namespace CanaryFunctions.LoadTester;

/// <summary>Settings of one load tester. The defaults suit a library user; the program's flags set their own.</summary>
public sealed class LoadTesterOptions
{
    /// <summary>What timers can hold.</summary>
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(49);

    /// <summary>Where to listen. Default: loopback.</summary>
    public IPAddress ListenAddress { get; init; } = IPAddress.Loopback;

    /// <summary>0 to 65535; 0 takes a free port. Default 0.</summary>
    public int Port { get; init; }

    /// <summary>How much faster than real time loads run: durations are divided by it, rates multiplied. Above 0; default 1.</summary>
    public double Speed { get; init; } = 1;

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>
    /// Proxy through which cluster names are reached; null: directly. Loopback is never sent to it. Shell tasks get it as
    /// <c>http_proxy</c>; a short name such as <c>podinfo-canary</c> reaches it as written.
    /// </summary>
    public Uri? HttpProxy { get; init; }

    /// <summary>The load tester's own namespace, which short names belong to; shell tasks see it as <c>POD_NAMESPACE</c>. Default <c>test</c>.</summary>
    public string Namespace { get; init; } = "test";

    /// <summary>Further environment variables of shell tasks.</summary>
    public IReadOnlyDictionary<string, string> ShellEnvironment { get; init; } = new Dictionary<string, string>();

    /// <summary>Takes each log line, one JSON object without a line end. Called from several threads. Default: standard error.</summary>
    public Action<string> LogSink { get; init; } = Console.Error.WriteLine;

    /// <summary>The least serious level that is logged. Default <see cref="LogLevel.Debug"/>.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Debug;

    /// <summary>Regular expression that a payload's whole namespace must match; empty allows all. Default empty.</summary>
    public string NamespaceRegexp { get; init; } = "";

    /// <summary>The longest run of one task, wall clock. Above 0; default 1 h.</summary>
    public TimeSpan TaskTimeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The gates, which the owner may open and close too.</summary>
    public GateStore Gates { get; init; } = new();

    /// <summary>Finds an installed program by name; null when there is none. Default: looks along PATH at each use.</summary>
    internal Func<string, string?> FindTool { get; init; } = PathSearch.Find;

    /// <summary>Throws <see cref="ArgumentException"/> that lists every bad setting.</summary>
    internal void Validate()
    {
        List<string> errors = [];
        Check(Port is >= 0 and <= 65535, $"Port: '{Port}' must be between 0 and 65535.");
        Check(double.IsFinite(Speed) && Speed > 0, $"Speed: '{Speed}' must be above 0.");
        Check(TaskTimeout > TimeSpan.Zero && TaskTimeout <= LongestTimeout, $"TaskTimeout: '{TaskTimeout}' must be above 0 and at most {LongestTimeout}.");
        Check(HttpProxy is null or { IsAbsoluteUri: true, Scheme: "http" }, $"HttpProxy: '{HttpProxy}' must be an absolute http URL.");
        Check(NamespaceGuard.TryCreate(NamespaceRegexp, out _, out var problem), $"NamespaceRegexp: '{NamespaceRegexp}' {problem}");
        if (errors.Count > 0)
        {
            throw new ArgumentException(string.Join(Environment.NewLine, errors));
        }

        void Check(bool holds, string error)
        {
            if (!holds)
            {
                errors.Add(error);
            }
        }
    }
}
