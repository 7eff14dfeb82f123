using System.Text.RegularExpressions;

namespace CanaryFunctions.LoadTester.Tasks;

/// <summary>Command lines as they may be shown: without the passwords and tokens that people write into them.</summary>
internal static partial class CommandText
{
    private const string Hidden = "$1***";

    public static string Redact(string command)
        => UserInfo().Replace(Credentials().Replace(SecretFlag().Replace(AuthorizationHeader().Replace(command, Hidden), Hidden), Hidden), Hidden);

    [GeneratedRegex("""((?:authorization|x-api-key):\s*)[^'"\n]+""", RegexOptions.IgnoreCase)]
    private static partial Regex AuthorizationHeader();

    [GeneratedRegex("""(--?(?:password|passwd|token|secret|api-?key)[=\s]\s*)('[^']*'|"[^"]*"|\S+)""", RegexOptions.IgnoreCase)]
    private static partial Regex SecretFlag();

    /// <summary>hey's -a, curl's -u and --user: only of the form user:password.</summary>
    [GeneratedRegex("""((?<!\S)(?:-a|-u|--user)[=\s]\s*)('[^':]+:[^']*'|"[^":]+:[^"]*"|[^\s:]+:\S+)""")]
    private static partial Regex Credentials();

    [GeneratedRegex("""(://)[^/\s@'"]+(?=@)""")]
    private static partial Regex UserInfo();
}
