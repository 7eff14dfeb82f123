using CanaryFunctions.TestKit.Programs;

namespace CanaryFunctions.Infra.Tests.Docs;

/// <summary>docs/deploy-kubernetes.md, as it is written.</summary>
public sealed class DeployKubernetesTests
{
    private const string Document = "docs/deploy-kubernetes.md";

    [ProgramFact("kubectl", "bash")]
    public async Task Standalone_IsInstalled_Changed_AndTakenAway()
    {
        await using var run = await DocumentRun.StartAsync();

        var outputs = await PlayAsync(run, nameof(Standalone_IsInstalled_Changed_AndTakenAway));

        outputs.Count.ShouldBe(4);
        outputs[0].ShouldContain("deployment \"canary-functions\" successfully rolled out");
        outputs[1].ShouldContain("secret/canary-functions-secrets created");
        outputs[1].ShouldContain("deployment.apps/canary-functions restarted");
        outputs[2].ShouldEndWith("skipper", Case.Sensitive, "set env is the Deployment's, not the ConfigMap's");
        outputs[3].ShouldContain("canary-webhook");
        var pod = "kubectl -n flagger-system get deployment canary-functions -o jsonpath='{.spec.template.spec.containers[0]";
        (await run.ShellAsync($"{pod}.image}}'")).ShouldBe("registry.example.com/canary-functions/canary:0.1.0");
        (await run.ShellAsync($"{pod}.env[?(@.name==\"MESH_PROVIDER\")].value}}'")).ShouldBe("traefik");

        await run.ShellAsync("kubectl delete --ignore-not-found -k infra/kustomize/mine");
        (await run.ShellAsync("kubectl get deployments --all-namespaces -o name")).ShouldBeEmpty();
    }

    [ProgramFact("kubectl", "bash")]
    public async Task LoadTester_IsInstalled()
    {
        await using var run = await DocumentRun.StartAsync();

        await PlayAsync(run, nameof(LoadTester_IsInstalled));

        await run.ShellAsync("kubectl -n test rollout status deployment/flagger-loadtester --timeout=60s");
        (await run.ShellAsync("kubectl -n test get service flagger-loadtester -o jsonpath='{.spec.ports[0].port}'")).ShouldBe("80");
    }

    [ProgramFact("kubectl", "bash")]
    public async Task Workers_AreInstalled_UnderTheNamesOfTheSettings()
    {
        await using var run = await DocumentRun.StartAsync();

        await PlayAsync(run, nameof(Workers_AreInstalled_UnderTheNamesOfTheSettings));

        (await run.ShellAsync("kubectl -n flagger-system get scaledobject canary-functions -o jsonpath='{.spec.triggers[*].metadata.namespace}'"))
            .ShouldBe("my-bus my-bus my-bus");
        (await run.ShellAsync("kubectl -n flagger-system get configmap canary-functions-settings -o jsonpath='{.data.ServiceBus__credential}'")).ShouldBe("workloadidentity");
    }

    [ProgramFact("kubectl", "bash")]
    public async Task Outside_HasRights()
    {
        await using var run = await DocumentRun.StartAsync();

        (await PlayAsync(run, nameof(Outside_HasRights))).Single().ShouldEndWith("yes");
    }

    [ProgramFact("kubectl", "bash")]
    public async Task Workers_TakeOver()
    {
        await using var run = await DocumentRun.StartAsync();
        await run.ShellAsync("kubectl apply -k infra/kustomize/standalone");

        await PlayAsync(run, nameof(Workers_TakeOver));

        (await run.ShellAsync("kubectl -n flagger-system get deployments -o name | sort")).ShouldBe("deployment.apps/canary-functions\ndeployment.apps/canary-webhook");
    }

    private static Task<IReadOnlyList<string>> PlayAsync(DocumentRun run, string test) => run.PlayAsync(Document, $"Docs.{nameof(DeployKubernetesTests)}.{test}");
}
