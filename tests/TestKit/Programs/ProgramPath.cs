namespace CanaryFunctions.TestKit.Programs;

/// <summary>Where a program of the machine is.</summary>
public static class ProgramPath
{
    // Part-installed programs of .ci/run are not in PATH, but in the cache that it fills.
    private static readonly string[] Folders =
    [
        .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator),
        .. Directory.Exists(Path.Combine(Cache, "bin")) ? [Path.Combine(Cache, "bin")] : Array.Empty<string>(),
    ];

    /// <summary>What the install scripts under <c>tests/</c> fill: <c>CANARY_TEST_CACHE</c>, or a folder in the user's cache.</summary>
    public static string Cache => Environment.GetEnvironmentVariable("CANARY_TEST_CACHE") is { Length: > 0 } folder
        ? folder
        : Path.Combine(
            Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } xdg ? xdg : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
            "canaryfunctions");

    /// <summary>Whether the tests run where everything has to be installed.</summary>
    public static bool IsCi => Environment.GetEnvironmentVariable("CI") == "true";

    /// <summary>The program's file; null when it is not installed.</summary>
    public static string? Find(string program) => Folders
        .Where(folder => folder.Length > 0)
        .SelectMany(folder => (string[])[Path.Combine(folder, program), Path.Combine(folder, program + ".exe")])
        .FirstOrDefault(File.Exists);

    /// <exception cref="FileNotFoundException">It is not installed.</exception>
    public static string Get(string program) => Find(program) ?? throw new FileNotFoundException($"{program} is neither in PATH nor in {Cache}/bin; .ci/run installs it.");

    /// <summary>The reason to skip a test, null to run it.</summary>
    public static string? WhySkip(IEnumerable<string> programs)
        => IsCi || programs.Where(p => Find(p) is null).ToList() is not { Count: > 0 } missing ? null : $"{string.Join(", ", missing)}: not in PATH; install it to run this test.";
}
