using System.Reflection;

namespace CanaryFunctions.Architecture.Tests;

/// <summary>The files of the repository, without what builds put beside them.</summary>
internal static class Repository
{
    private static readonly HashSet<string> Generated = new(["bin", "obj", "artifacts", "TestResults", ".git", ".vs", ".idea"], StringComparer.Ordinal);

    private static readonly string Root = typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!;

    /// <summary>Paths below the root, with forward slashes.</summary>
    internal static IReadOnlyList<string> Files { get; } = [.. FilesBelow(Root).Select(f => Path.GetRelativePath(Root, f).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    internal static IEnumerable<string> Sources => Files.Where(f => f.EndsWith(".cs", StringComparison.Ordinal));

    internal static IEnumerable<string> Projects => Files.Where(f => f.EndsWith(".csproj", StringComparison.Ordinal));

    internal static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    internal static void Write(string file, string text) => File.WriteAllText(Path.Combine(Root, file), text);

    internal static string[] Lines(string file) => File.ReadAllLines(Path.Combine(Root, file));

    /// <summary>Folder of a product or a test project: <c>core</c>, <c>tests/Core.Tests</c>.</summary>
    internal static string FolderOf(string project) => project[..project.LastIndexOf('/')];

    private static IEnumerable<string> FilesBelow(string folder)
        => Directory.EnumerateFiles(folder).Concat(Directory.EnumerateDirectories(folder).Where(d => !Generated.Contains(Path.GetFileName(d))).SelectMany(FilesBelow));
}
