using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Scenario.Tests.Staging;
using CanaryFunctions.TestKit.Programs;

namespace CanaryFunctions.Scenario.Tests;

/// <summary>The guide by hand, with the kubectl that is installed here.</summary>
[Collection(nameof(Unmeasured))]
public sealed class KubectlTests
{
    private static readonly string[] Files = ["1-podinfo.yaml", "2-loadtester.yaml", "3-ingress.yaml", "4-canary.yaml"];

    [ProgramFact("kubectl")]
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

    [ProgramFact("kubectl")]
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
}
