using System.Reflection;
using CanaryFunctions.TestKit;

namespace CanaryFunctions.Infra.Tests;

/// <summary>The files of the repository.</summary>
internal static class Checkout
{
    public static string Root { get; } = typeof(Checkout).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!;

    private static bool Rewrites => Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1";

    public static string PathOf(string file) => Path.Combine(Root, file);

    public static string Read(string file) => File.ReadAllText(PathOf(file)).ReplaceLineEndings("\n");

    public static bool Has(string path) => File.Exists(PathOf(path)) || Directory.Exists(PathOf(path));

    /// <summary>Files below a folder, as paths from the root, without what builds put there.</summary>
    public static IEnumerable<string> Below(string folder, string pattern) => Directory.EnumerateFiles(PathOf(folder), pattern, SearchOption.AllDirectories)
        .Select(f => Path.GetRelativePath(Root, f).Replace('\\', '/'))
        .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal);

    /// <summary>A file that is made from code: compared, or with <c>UPDATE_GOLDEN=1</c> written.</summary>
    public static void ShouldHold(string file, string text)
    {
        if (Rewrites)
        {
            File.WriteAllText(PathOf(file), text);
            return;
        }

        var committed = Read(file);
        committed.ShouldBe(text, $"{file}: run UPDATE_GOLDEN=1 dotnet test tests/Infra.Tests and look at the difference (- committed, + made):\n{LineDiff.Of(committed, text)}");
    }
}
