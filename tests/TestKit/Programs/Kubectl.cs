using System.Diagnostics;
using System.Text.Json.Nodes;

namespace CanaryFunctions.TestKit.Programs;

/// <summary>The kubectl that tests/cluster/install.sh chose, else the one in <c>PATH</c>, with a home of its own. The user's kubeconfig is never touched.</summary>
public sealed class Kubectl : IDisposable
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("canary-kubectl-");
    private readonly string _kubeconfig;

    /// <param name="kubeconfig">The file's text.</param>
    public Kubectl(string kubeconfig)
    {
        _kubeconfig = Path.Combine(_home.FullName, "kubeconfig");
        File.WriteAllText(_kubeconfig, kubeconfig);
    }

    /// <summary>Runs it and gives its standard output, without the last line end.</summary>
    /// <exception cref="InvalidOperationException">It did not exit with 0; the message has all it wrote.</exception>
    public async Task<string> RunAsync(params string[] arguments)
    {
        var (exit, output, error) = await StartAsync(arguments);
        return exit == 0 ? output : throw new InvalidOperationException($"kubectl {string.Join(' ', arguments)} exited with {exit}\n{output}\n{error}");
    }

    /// <summary><c>kubectl apply</c> of these objects, in their order; gives its lines.</summary>
    /// <exception cref="InvalidOperationException">It did not exit with 0; the message has all it wrote.</exception>
    public async Task<IReadOnlyList<string>> ApplyAsync(params IEnumerable<JsonObject> objects)
    {
        var list = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "List", ["items"] = new JsonArray([.. objects.Select(o => o.DeepClone())]) };
        var file = Path.Combine(_home.FullName, Path.GetRandomFileName());
        await File.WriteAllTextAsync(file, list.ToJsonString());
        var output = await RunAsync("apply", "-f", file);
        File.Delete(file);
        return output.Split('\n');
    }

    /// <summary>Runs it where it has to fail, and gives its standard error.</summary>
    /// <exception cref="InvalidOperationException">It exited with 0.</exception>
    public async Task<string> FailAsync(params string[] arguments)
    {
        var (exit, output, error) = await StartAsync(arguments);
        return exit != 0 ? error : throw new InvalidOperationException($"kubectl {string.Join(' ', arguments)} should have failed\n{output}");
    }

    /// <summary>Runs it and gives all it said. Ended after a minute.</summary>
    public async Task<(int Exit, string Output, string Error)> StartAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(ProgramPath.Get("kubectl"), arguments) { RedirectStandardOutput = true, RedirectStandardError = true };

        // Its cache of what a server serves goes by port, and ports come again.
        (start.Environment["KUBECONFIG"], start.Environment["KUBECACHEDIR"], start.Environment["HOME"]) = (_kubeconfig, _home.FullName, _home.FullName);
        start.Environment["NO_PROXY"] = "127.0.0.1";
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
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

        return (process.ExitCode, (await output).TrimEnd(), (await error).TrimEnd());
    }

    public void Dispose() => _home.Delete(recursive: true);
}
