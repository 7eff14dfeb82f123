using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace CanaryFunctions.Benchmarks.ColdStart;

/// <summary>Runs <c>dotnet publish functions</c>, once for each set of properties.</summary>
internal sealed class AppPublisher(string root)
{
    private readonly Dictionary<string, string> _folders = new(StringComparer.Ordinal);

    /// <summary>The folder with the app.</summary>
    /// <exception cref="InvalidOperationException">Publishing failed; the message has what it wrote.</exception>
    public async Task<string> PublishAsync(ColdStartVariant variant, CancellationToken ct)
    {
        var key = string.Join(' ', variant.Properties);
        if (_folders.TryGetValue(key, out var done))
        {
            return done;
        }

        var folder = Path.Combine(root, $"app-{_folders.Count}");
        var start = new ProcessStartInfo(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            [
                "publish", Path.Combine(SourceRoot(), "functions"), "-c", "Release", "-o", folder, "--artifacts-path", Path.Combine(root, "artifacts"),
                "-p:RunAnalyzers=false", "-nologo", "-v", "q", "-nodeReuse:false", .. variant.Properties,
            ])
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(ct);
        await process.WaitForExitAsync(ct);
        return process.ExitCode == 0 ? _folders[key] = folder : throw new InvalidOperationException($"publishing '{variant.Name}' failed:\n{output}");
    }

    public static long SizeOf(string folder) => new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length);

    private static string SourceRoot([CallerFilePath] string thisFile = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", ".."));
}
