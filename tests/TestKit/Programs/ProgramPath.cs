namespace CanaryFunctions.TestKit.Programs;

/// <summary>Where a program of the machine is.</summary>
public static class ProgramPath
{
    // What the install scripts chose comes before what the machine happens to have.
    private static readonly string[] Folders =
    [
        .. Directory.Exists(Path.Combine(Cache, "bin")) ? [Path.Combine(Cache, "bin")] : Array.Empty<string>(),
        .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries),
    ];

    /// <summary>What the install scripts under <c>tests/</c> fill: <c>CANARY_TEST_CACHE</c>, or a folder in the user's cache.</summary>
    public static string Cache => Environment.GetEnvironmentVariable("CANARY_TEST_CACHE") is { Length: > 0 } folder
        ? folder
        : Path.Combine(
            Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } xdg ? xdg : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
            "canaryfunctions");

    /// <summary>Whether the tests run where everything has to be installed.</summary>
    public static bool IsCi => Environment.GetEnvironmentVariable("CI") == "true";

    /// <summary>The <c>PATH</c> of a shell that finds the same programs.</summary>
    public static string ForShell => string.Join(Path.PathSeparator, Folders);

    /// <summary>The program's file; null when it is not installed.</summary>
    public static string? Find(string program) => Folders
        .SelectMany(folder => (string[])[Path.Combine(folder, program), Path.Combine(folder, program + ".exe")])
        .FirstOrDefault(File.Exists);

    /// <exception cref="FileNotFoundException">It is not installed.</exception>
    public static string Get(string program) => Find(program) ?? throw new FileNotFoundException($"{program} is neither in {Cache}/bin nor in PATH; .ci/run installs it.");

    /// <summary>The reason to skip a test, null to run it.</summary>
    public static string? WhySkip(IEnumerable<string> programs)
        => IsCi || programs.Where(p => Find(p) is null).ToList() is not { Count: > 0 } missing ? null : $"{string.Join(", ", missing)}: not in PATH; install it to run this test.";
}
