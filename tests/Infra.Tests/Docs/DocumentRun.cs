using System.Diagnostics;
using System.Text.Json.Nodes;
using CanaryFunctions.Platform.Kubernetes;
using CanaryFunctions.Simulator;
using CanaryFunctions.TestKit;
using CanaryFunctions.TestKit.Programs;

namespace CanaryFunctions.Infra.Tests.Docs;

/// <summary>Runs commands as a document has them, in a copy of infra, on an embedded cluster with the kinds of KEDA.</summary>
internal sealed class DocumentRun : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SimulatedCluster _cluster;

    private DocumentRun(SimulatedCluster cluster)
    {
        _cluster = cluster;
        _folder.Copy("infra");
        _folder.Write("kubeconfig", cluster.ApiServer.Kubeconfig);
    }

    public static async Task<DocumentRun> StartAsync() => new(await SimulatedCluster.StartAsync(
        new()
        {
            Client = server => KubernetesClient.FromKubeConfig(KubeConfigSource.FromText(server.Kubeconfig), TimeProvider.System),
            InitialObjects = [.. YamlText.ReadAll(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "testdata", "foreign-crds.yaml"))).OfType<JsonObject>()],
            Speed = 20,
        },
        CancellationToken.None));

    /// <summary>Runs the blocks that name the test, in order, and gives what each wrote.</summary>
    public async Task<IReadOnlyList<string>> PlayAsync(string document, string test)
    {
        var blocks = CommandBlock.Of(document).Where(b => b.Test == test).ToList();
        blocks.ShouldNotBeEmpty($"{document} has no block for {test}");
        var outputs = new List<string>();
        foreach (var block in blocks)
        {
            outputs.Add(await ShellAsync(block.Text));
        }

        return outputs;
    }

    /// <summary>Runs commands in bash, and gives their standard output. Ended after a minute.</summary>
    /// <exception cref="InvalidOperationException">One of them failed.</exception>
    public async Task<string> ShellAsync(string commands)
    {
        var start = new ProcessStartInfo(ProgramPath.Get("bash"), ["-euo", "pipefail", "-c", commands])
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = ProgramPath.ForShell;
        (start.Environment["KUBECONFIG"], start.Environment["HOME"], start.Environment["NO_PROXY"]) = (Path.Combine(_folder.Path, "kubeconfig"), _folder.Path, "127.0.0.1");
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var (output, error) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return process.ExitCode == 0 ? (await output).TrimEnd() : throw new InvalidOperationException($"{commands}\nexited with {process.ExitCode}\n{await output}\n{await error}");
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        _folder.Dispose();
    }
}
