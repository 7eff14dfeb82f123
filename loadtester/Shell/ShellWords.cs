namespace CanaryFunctions.LoadTester.Shell;

/// <summary>POSIX quoting: single and double quotes, backslashes, a backslash at a line end joins lines.</summary>
internal static class ShellWords
{
    /// <summary>The words of a command that no shell will see (helm, kubectl): every unquoted blank or line end separates, nothing else is special.</summary>
    public static IReadOnlyList<string> Split(string line)
        => [.. new ShellScanner(line, operators: false).Scan().Where(t => t.Kind == ShellTokenKind.Word).Select(t => t.Text)];

    /// <summary>The pieces of a line meant for a shell; leading and trailing line ends (YAML blocks) are dropped.</summary>
    public static IReadOnlyList<ShellToken> Tokenize(string line) => [.. new ShellScanner(line.Trim(), operators: true).Scan()];
}
