using System.Diagnostics;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Scenario.Tests.Staging;

namespace CanaryFunctions.Scenario.Tests;

/// <summary>The guide by hand, with the kubectl that is installed here.</summary>
public sealed class KubectlTests
{
    private static readonly string[] Files = ["1-podinfo.yaml", "2-loadtester.yaml", "3-ingress.yaml", "4-canary.yaml"];

    [KubectlFact]
    public async Task Guide_WorksByHand()
    {
        // The guide's own deadline is short, so the clock is not as fast here.
        await using var stage = await Stage.OpenAsync(new() { Speed = 20 });
        using var kubectl = new Kubectl(stage.Playground.Cluster.ApiServer.Kubeconfig);
        (await kubectl.RunAsync("create", "ns", "test")).ShouldBe("namespace/test created");
        var files = Files.SelectMany(f => (string[])["-f", Path.Combine(AppContext.BaseDirectory, "examples", "skipper", f)]);
        (await kubectl.RunAsync(["apply", .. files])).Split('\n').ShouldBe(
        [
            "deployment.apps/podinfo created",
            "horizontalpodautoscaler.autoscaling/podinfo created",
            "deployment.apps/flagger-loadtester created",
            "service/flagger-loadtester created",
            "ingress.networking.k8s.io/podinfo created",
            "canary.flagger.app/podinfo created",
        ]);
        await stage.RestsAsync(CanaryPhase.Initialized);

        (await kubectl.RunAsync("-n", "test", "set", "image", "deployment/podinfo", "podinfod=stefanprodan/podinfo:4.0.6")).ShouldBe("deployment.apps/podinfo image updated");
        await stage.RestsAsync(CanaryPhase.Succeeded);

        var table = (await kubectl.RunAsync("get", "canaries", "--all-namespaces")).Split('\n');
        Cells(table[0]).ShouldBe(["NAMESPACE", "NAME", "STATUS", "WEIGHT", "LASTTRANSITIONTIME"]);
        Cells(table[1])[..4].ShouldBe(["test", "podinfo", "Succeeded", "0"]);

        var description = await kubectl.RunAsync("-n", "test", "describe", "canary/podinfo");
        string[] inOrder = ["New revision detected! Scaling up podinfo.test", "Advance podinfo.test canary weight 5", "canary weight 50", "Routing all traffic to primary", "Promotion completed! Scaling down podinfo.test"];
        var places = inOrder.Select(text => description.IndexOf(text, StringComparison.Ordinal)).ToList();
        places.ShouldAllBe(place => place > 0, description);
        places.ShouldBeInOrder();

        (await kubectl.RunAsync("-n", "test", "delete", "canary", "podinfo")).ShouldStartWith("canary.flagger.app \"podinfo\" deleted");
        (await kubectl.RunAsync("-n", "test", "get", "deployments", "-o", "name")).Split('\n').ShouldContain("deployment.apps/podinfo");
        (await kubectl.RunAsync("-n", "test", "get", "canaries", "-o", "name")).ShouldBeEmpty();
    }

    [KubectlFact]
    public async Task BadCanary_IsExplainedByKubectl()
    {
        await using var stage = await Stage.InitializedAsync(Analysis.Short);
        using var kubectl = new Kubectl(stage.Playground.Cluster.ApiServer.Kubeconfig);
        var patch = """{"spec":{"provider":"skiper","analysis":{"threshold":-1,"maxWeight":200}}}""";

        var error = await kubectl.FailAsync("-n", "test", "patch", "canary/podinfo", "--type=merge", "-p", patch);

        error.ShouldContain("spec.provider: 'skiper'");
        error.ShouldContain("spec.analysis.threshold: '-1'");
        error.ShouldContain("spec.analysis.maxWeight: '200'");
    }

    private static string[] Cells(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Runs where kubectl is installed. In CI it has to be.</summary>
    private sealed class KubectlFactAttribute : FactAttribute
    {
        public KubectlFactAttribute()
        {
            if (Kubectl.Program is null && Environment.GetEnvironmentVariable("CI") != "true")
            {
                Skip = "kubectl is not in PATH; install it to run this test.";
            }
        }
    }

    private sealed class Kubectl : IDisposable
    {
        private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("canary-kubectl-");
        private readonly string _kubeconfig;

        internal Kubectl(string kubeconfig)
        {
            _kubeconfig = Path.Combine(_home.FullName, "kubeconfig");
            File.WriteAllText(_kubeconfig, kubeconfig);
        }

        internal static string? Program { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(folder => (string[])[Path.Combine(folder, "kubectl"), Path.Combine(folder, "kubectl.exe")])
            .FirstOrDefault(File.Exists);

        internal async Task<string> RunAsync(params string[] arguments)
        {
            var (exit, output, error) = await StartAsync(arguments);
            exit.ShouldBe(0, $"kubectl {string.Join(' ', arguments)}\n{output}\n{error}");
            return output;
        }

        internal async Task<string> FailAsync(params string[] arguments)
        {
            var (exit, _, error) = await StartAsync(arguments);
            exit.ShouldNotBe(0);
            return error;
        }

        public void Dispose() => _home.Delete(recursive: true);

        private async Task<(int Exit, string Output, string Error)> StartAsync(string[] arguments)
        {
            var start = new ProcessStartInfo(Program ?? throw new FileNotFoundException("kubectl is not in PATH, and in CI it has to be"), arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };

            // Its cache of what a server serves goes by port, and ports come again.
            (start.Environment["KUBECONFIG"], start.Environment["KUBECACHEDIR"], start.Environment["HOME"]) = (_kubeconfig, _home.FullName, _home.FullName);
            start.Environment["NO_PROXY"] = "127.0.0.1";
            using var process = Process.Start(start)!;
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            var (output, error) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, (await output).TrimEnd(), (await error).TrimEnd());
        }
    }
}
