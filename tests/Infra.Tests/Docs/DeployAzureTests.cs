using CanaryFunctions.TestKit.Programs;

namespace CanaryFunctions.Infra.Tests.Docs;

/// <summary>docs/deploy-azure.md, as it is written, where that needs no Azure.</summary>
public sealed class DeployAzureTests
{
    private const string Document = "docs/deploy-azure.md";

    [ProgramFact("kubectl", "bash")]
    public async Task Identity_GetsTheRightsOfTheServiceAccount()
    {
        await using var run = await DocumentRun.StartAsync();

        (await PlayAsync(run, nameof(Identity_GetsTheRightsOfTheServiceAccount))).Single().ShouldEndWith("yes");
        (await run.ShellAsync("kubectl auth can-i create pods --as=00000000-0000-0000-0000-000000000002 || true")).ShouldBe("no");
    }

    [ProgramFact("kubectl", "bash")]
    public async Task Webhook_IsInstalledAlone()
    {
        await using var run = await DocumentRun.StartAsync();

        await PlayAsync(run, nameof(Webhook_IsInstalledAlone));

        (await run.ShellAsync("kubectl -n flagger-system get deployments -o name")).ShouldBe("deployment.apps/canary-webhook");
        (await run.ShellAsync("kubectl -n flagger-system get networkpolicies -o name | sort"))
            .ShouldBe("networkpolicy.networking.k8s.io/canary-scaler\nnetworkpolicy.networking.k8s.io/canary-webhook");
    }

    private static Task<IReadOnlyList<string>> PlayAsync(DocumentRun run, string test) => run.PlayAsync(Document, $"Docs.{nameof(DeployAzureTests)}.{test}");
}
