using System.Globalization;

namespace CanaryFunctions.Cli.Commands;

/// <summary>Writes the embedded cluster's kubeconfig where a user can point kubectl at it, and nowhere else.</summary>
internal static class KubeconfigFile
{
    private const string Marker = "# Written by `canary up` for its embedded cluster.";

    /// <exception cref="KubeconfigFileException">The file holds another kubeconfig.</exception>
    internal static string Write(FileInfo? file, string kubeconfig, int port)
    {
        var path = file?.FullName ?? Path.Combine(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"canary-{port}.kubeconfig"));
        if (File.Exists(path) && new FileInfo(path).Length > 0 && !File.ReadLines(path).First().StartsWith(Marker, StringComparison.Ordinal))
        {
            throw new KubeconfigFileException($"--kubeconfig: '{path}' holds something else already; name a file that does not exist.");
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, $"{Marker}\n{kubeconfig}");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return path;
    }
}

internal sealed class KubeconfigFileException(string message) : Exception(message);
