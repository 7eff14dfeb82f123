using System.Text.RegularExpressions;

namespace CanaryFunctions.Functions.Tests.Host;

/// <summary><c>host.json</c> as the Functions host reads it (contracts/azure-keda.md 1.1, 1.6, 1.7, 1.14), and stricter: an unknown key is refused.</summary>
internal sealed partial record HostFile
{
    private static readonly string[] LogLevels = ["Trace", "Debug", "Information", "Warning", "Error", "Critical", "None"];

    internal required TimeSpan FunctionTimeout { get; init; }

    internal required TimeSpan InitializationTimeout { get; init; }

    /// <summary>The file of the program.</summary>
    internal required string Executable { get; init; }

    internal required IReadOnlyList<string> Arguments { get; init; }

    internal required string WorkingDirectory { get; init; }

    /// <summary>Longest time for which the host renews a message's lock.</summary>
    internal required TimeSpan LockRenewal { get; init; }

    /// <summary>Messages at the same time, of one function.</summary>
    internal required int MaxConcurrentCalls { get; init; }

    /// <summary>Wait of a Storage queue before the next delivery of a message that failed.</summary>
    internal required TimeSpan VisibilityTimeout { get; init; }

    internal required int MaxDequeueCount { get; init; }

    internal required bool IsBase64 { get; init; }

    /// <exception cref="HostRefusesException">Something is missing, unknown or out of range.</exception>
    internal static HostFile Read(string folder)
    {
        var root = StrictJson.File(Path.Combine(folder, "host.json"));
        root.OneOf("version", "2.0");
        var bundle = root.Section("extensionBundle");
        bundle.OneOf("id", "Microsoft.Azure.Functions.ExtensionBundle");
        if (!BundleRange().IsMatch(bundle.Text("version")))
        {
            throw bundle.Wrong("version", "must be a range of version 4 as [4.*, 5.0.0): older bundles are deprecated, and narrower ranges may not resolve");
        }

        bundle.End();
        ReadLogging(root.SectionOrNull("logging"));
        var handler = root.Section("customHandler");
        var description = handler.Section("description");
        handler.Flag("enableForwardingHttpRequest", false);
        var initialization = handler.Time("initializationTimeout", TimeSpan.FromSeconds(30));
        handler.End();
        var extensions = root.Section("extensions");
        var (bus, queues) = (extensions.Section("serviceBus"), extensions.Section("queues"));
        extensions.End();
        var file = new HostFile
        {
            FunctionTimeout = root.Time("functionTimeout", TimeSpan.FromMinutes(5)),
            InitializationTimeout = initialization,
            Executable = Program(folder, description),
            Arguments = description.Texts("arguments"),
            WorkingDirectory = Path.Combine(folder, description.Text("workingDirectory", "")),
            LockRenewal = bus.Time("maxAutoLockRenewalDuration", TimeSpan.FromMinutes(5)),
            MaxConcurrentCalls = bus.Number("maxConcurrentCalls", 16, 1, 1000),
            VisibilityTimeout = queues.Time("visibilityTimeout", TimeSpan.Zero),
            MaxDequeueCount = queues.Number("maxDequeueCount", 5, 1, 100),
            IsBase64 = queues.Has("messageEncoding") && queues.OneOf("messageEncoding", "base64", "none") == "base64",
        };
        description.Flag("useStdErrorStreamForErrorsOnly", true);
        description.End();
        bus.Number("prefetchCount", 0, 0, 10_000);
        bus.End();
        queues.Time("maxPollingInterval", TimeSpan.FromMinutes(1));
        queues.Number("batchSize", 16, 1, 32);
        queues.Number("newBatchThreshold", 8, 0, 1000);
        queues.End();
        root.End();
        return file;
    }

    // A relative path is joined to the app's folder only where that file exists; else the host would look for a command of that name.
    private static string Program(string folder, StrictJson description)
    {
        var file = Path.Combine(folder, description.Text("defaultExecutablePath"));
        return File.Exists(file) ? file : throw description.Wrong("defaultExecutablePath", "is no file of the app's folder");
    }

    private static void ReadLogging(StrictJson? logging)
    {
        if (logging is null)
        {
            return;
        }

        if (logging.SectionOrNull("logLevel") is { } levels)
        {
            foreach (var category in levels.Keys)
            {
                levels.OneOf(category, LogLevels);
            }
        }

        if (logging.SectionOrNull("applicationInsights") is { } insights)
        {
            var sampling = insights.Section("samplingSettings");
            sampling.Flag("isEnabled", true);
            sampling.Text("excludedTypes", "");
            sampling.End();
            insights.End();
        }

        logging.End();
    }

    [GeneratedRegex(@"^\[4\.\*, 5\.0\.0\)$")]
    private static partial Regex BundleRange();
}
