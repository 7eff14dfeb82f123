namespace CanaryFunctions.LoadTester.Shell;

/// <summary>Finds programs along PATH, as a shell does.</summary>
internal static class PathSearch
{
    /// <summary>The full path of an executable file of that name; null when there is none.</summary>
    public static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, program))
        .FirstOrDefault(IsExecutable);

    private static bool IsExecutable(string path) => OperatingSystem.IsWindows()
        ? File.Exists(path)
        : File.Exists(path) && (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0;
}
