using CanaryFunctions.TestKit.Programs;

namespace CanaryFunctions.Cluster.Tests.Faults;

/// <summary>Debian's libfaketime: a process sees the wall clock that a file says, while its timers run on.</summary>
internal static class FakeTime
{
    private const string Missing = "libfaketime is missing: apt-get install libfaketime";

    private static readonly string[] Folders = ["/usr/lib/x86_64-linux-gnu/faketime", "/usr/lib/aarch64-linux-gnu/faketime"];

    /// <summary>Null where it is installed, and in CI, where it has to be.</summary>
    internal static string? WhySkip => Library is not null || ProgramPath.IsCi ? null : Missing;

    private static string? Library => Folders.Select(folder => Path.Combine(folder, "libfaketimeMT.so.1")).FirstOrDefault(File.Exists);

    /// <param name="offsetFile">Says how far the clock is off, such as <c>+60</c> or <c>-60</c>; read at each look at the clock.</param>
    internal static IReadOnlyDictionary<string, string> Settings(string offsetFile) => new Dictionary<string, string>
    {
        ["LD_PRELOAD"] = Library ?? throw new FileNotFoundException(Missing),
        ["FAKETIME_TIMESTAMP_FILE"] = offsetFile,
        ["FAKETIME_NO_CACHE"] = "1",
        ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
    };
}
