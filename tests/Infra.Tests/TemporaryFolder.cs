namespace CanaryFunctions.Infra.Tests;

/// <summary>A folder for one test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("canary-infra-");

    public string Path => _folder.FullName;

    /// <summary>Writes a file, and gives its path.</summary>
    public string Write(string name, string text)
    {
        var file = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return file;
    }

    /// <summary>Copies a folder of the repository.</summary>
    public void Copy(string folder)
    {
        foreach (var file in Checkout.Below(folder, "*"))
        {
            Write(file, Checkout.Read(file));
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
