using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using CanaryFunctions.TestKit.Programs;

namespace CanaryFunctions.Functions.Tests.Publishing;

/// <summary>
/// What <c>dotnet publish functions</c> gives, once a test run and queue. Published from what the tests were built with, and on the machine's .NET, which is
/// quick. With <c>CANARY_PUBLISHED_APP</c> it is the folder of that name instead, published for Service Bus: so the tests run on native code and an own .NET.
/// </summary>
public sealed class PublishedApp : IAsyncLifetime
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("canary-published-");
    private readonly ConcurrentDictionary<string, Lazy<Task<string>>> _folders = new(StringComparer.Ordinal);

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync()
    {
        _root.Delete(recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>The folder. Not to be changed: tests share it.</summary>
    internal Task<string> FolderAsync(string queue) => _folders.GetOrAdd(queue, q => new(() => PublishAsync(q))).Value;

    /// <summary>A copy to be changed.</summary>
    internal async Task<string> CopyAsync(string queue)
    {
        var from = await FolderAsync(queue);
        var to = _root.CreateSubdirectory(Path.GetRandomFileName()).FullName;
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories).Where(f => !f.EndsWith(".log", StringComparison.Ordinal)))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return to;
    }

    /// <summary>A kubeconfig file.</summary>
    internal string Kubeconfig(string text)
    {
        var file = Path.Combine(_root.FullName, Path.GetRandomFileName());
        File.WriteAllText(file, text);
        return file;
    }

    /// <summary>A kubeconfig file for a server without TLS.</summary>
    internal string Kubeconfig(Uri cluster) => Kubeconfig($$"""
        apiVersion: v1
        kind: Config
        current-context: it
        contexts: [{ name: it, context: { cluster: it, user: me } }]
        clusters: [{ name: it, cluster: { server: "{{cluster}}" } }]
        users: [{ name: me, user: { token: none } }]
        """);

    /// <summary>What publishing says when it fails; empty when it does not.</summary>
    internal async Task<string> TryPublishAsync(string queue, string folder)
    {
        string[] arguments =
        [
            "publish", Path.Combine(SourceRoot(), "functions"), "--no-build", "--no-restore", "-c", Metadata("Configuration"), $"-p:Queue={queue}",
            "-p:SelfContained=false", "-p:PublishReadyToRun=false", "-o", folder, "-nologo", "-v", "q", "-nodeReuse:false",
            .. Metadata("ArtifactsPath") is { Length: > 0 } artifacts ? (string[])["--artifacts-path", artifacts] : [],
        ];
        await using var publish = ChildProcess.Start(ProgramPath.Get("dotnet"), arguments, Path.Combine(_root.FullName, $"{queue}.log"));
        await publish.Exited;
        return publish.ExitCode == 0 ? "" : publish.Tail();
    }

    private async Task<string> PublishAsync(string queue)
    {
        if (queue == "servicebus" && Environment.GetEnvironmentVariable("CANARY_PUBLISHED_APP") is { Length: > 0 } given)
        {
            return Path.GetFullPath(given);
        }

        var folder = Path.Combine(_root.FullName, queue);
        return await TryPublishAsync(queue, folder) is { Length: > 0 } error ? throw new InvalidOperationException(error) : folder;
    }

    // Empty where the build had none.
    private static string Metadata(string key)
        => typeof(PublishedApp).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().SingleOrDefault(a => a.Key == key)?.Value ?? "";

    private static string SourceRoot([CallerFilePath] string thisFile = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", ".."));
}

[CollectionDefinition(Name)]
public sealed class PublishedCollection : ICollectionFixture<PublishedApp>
{
    internal const string Name = "published app";
}
