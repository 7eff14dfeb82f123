using System.Text.Json.Nodes;
using CanaryFunctions.Cluster.Tests.RealParts;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.TestKit.Programs;
using Xunit.Abstractions;

namespace CanaryFunctions.Cluster.Tests;

/// <summary>Tests that each start a control plane, which takes both cores: by themselves, after the others.</summary>
[CollectionDefinition(nameof(ControlPlaneTests), DisableParallelization = true)]
public sealed class OwnControlPlane;

/// <summary>What we ship, given to a real Kubernetes 1.20.</summary>
[Collection(nameof(ControlPlaneTests))]
public sealed class ControlPlaneTests(ITestOutputHelper output)
{
    private static IEnumerable<string> GuideCanaries
        => Directory.EnumerateFiles(FileOf("examples"), "*canary.yaml", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    [ClusterFact]
    public async Task Base_IsAccepted_AndServesTheGuidesCanaries()
    {
        await using var plane = await ControlPlane.StartAsync();
        using var kubectl = new Kubectl(plane.Kubeconfig);

        var applied = (await kubectl.RunAsync("apply", "-k", FileOf("infra", "kustomize", "base"))).Split('\n');

        applied.ShouldAllBe(line => line.EndsWith(" created", StringComparison.Ordinal));
        foreach (var crd in (string[])["canaries", "metrictemplates", "alertproviders"])
        {
            (await ConditionsAsync(kubectl, crd)).ShouldBe(["Established=True", "NamesAccepted=True"]);
        }

        await kubectl.RunAsync("create", "ns", "test");
        GuideCanaries.Count().ShouldBe(5);
        foreach (var file in GuideCanaries)
        {
            (await kubectl.RunAsync("apply", "-f", file)).ShouldStartWith("canary.flagger.app/podinfo ");
            (await kubectl.RunAsync("-n", "test", "delete", "canary", "podinfo")).ShouldContain("deleted");
        }
    }

    [ClusterFact]
    public async Task ServiceAccount_MayDoWhatTheRulesSay_AndNoMore()
    {
        await using var plane = await ControlPlane.StartAsync();
        using var kubectl = new Kubectl(plane.Kubeconfig);
        await kubectl.RunAsync("apply", "-k", FileOf("infra", "kustomize", "base"));

        // The server learns of new rules and definitions by watches of its own.
        const int Looks = 60;
        for (var look = 0; look < Looks && await MayAsync("update", "canaries.flagger.app/podinfo", "--subresource=status") != "yes"; look++)
        {
        }

        (await MayAsync("update", "canaries.flagger.app/podinfo", "--subresource=status")).ShouldBe("yes");
        (await MayAsync("delete", "deployments.apps/podinfo-primary")).ShouldBe("yes");
        (await MayAsync("update", "mutatingwebhookconfigurations.admissionregistration.k8s.io/canary-functions-mutate")).ShouldBe("yes");
        (await MayAsync("update", "mutatingwebhookconfigurations.admissionregistration.k8s.io/somebody-elses")).ShouldBe("no");
        (await MayAsync("update", "canaries.flagger.app/podinfo")).ShouldBe("no");
        (await MayAsync("create", "secrets")).ShouldBe("no");
        (await MayAsync("create", "pods")).ShouldBe("no");

        async Task<string> MayAsync(string verb, string what, params string[] more)
        {
            var (_, output, error) = await kubectl.StartAsync(["auth", "can-i", verb, what, "-n", "test", "--as=system:serviceaccount:flagger-system:flagger", .. more]);
            return output.Split('\n')[^1] is { Length: > 0 } answer ? answer.Split(' ')[0] : error;
        }
    }

    [ClusterFact]
    public async Task ApiServer_ComesBackOnTheSamePort()
    {
        await using var plane = await ControlPlane.StartAsync();
        using var kubectl = new Kubectl(plane.Kubeconfig);
        (await kubectl.RunAsync("create", "ns", "test")).ShouldBe("namespace/test created");

        await plane.ApiServer.KillAsync();
        await plane.StartApiServerAsync();

        (await kubectl.RunAsync("get", "ns", "test", "-o", "name")).ShouldBe("namespace/test");
    }

    [ClusterFact]
    public async Task Kubectl_IsTheSame_WhateverTheServer()
    {
        await using var plane = await ControlPlane.StartAsync();
        using var kubectl = new Kubectl(plane.Kubeconfig);

        var version = JsonNode.Parse(await kubectl.RunAsync("version", "--client", "--output=json")).Text("clientVersion", "gitVersion");
        await kubectl.RunAsync("get", "ns");

        // The server wrote down who asked it.
        output.WriteLine($"{ProgramPath.Get("kubectl")} {version}");
        var agents = new AuditLog(plane.AuditLog).Of("admin").Select(e => e.Text("userAgent")).OfType<string>().Where(a => a.StartsWith("kubectl", StringComparison.Ordinal)).Distinct().ToList();
        agents.Count.ShouldBe(1);
        agents[0].ShouldStartWith($"kubectl/{version} ", Case.Sensitive, "a dispatcher, which runs another version for each server: tests/cluster/install.sh chooses one");
    }

    // kubectl wait gives up on an object that has no conditions yet.
    private static async Task<IReadOnlyList<string>> ConditionsAsync(Kubectl kubectl, string crd)
    {
        const int Looks = 60;
        IReadOnlyList<string> conditions = [];
        for (var look = 0; look < Looks && !conditions.Contains("Established=True"); look++)
        {
            var text = await kubectl.RunAsync("get", "crd", $"{crd}.flagger.app", "-o", "jsonpath={range .status.conditions[*]}{.type}={.status} {end}");
            conditions = [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)];
        }

        return conditions;
    }

    private static string FileOf(params string[] path) => Path.Combine([AppContext.BaseDirectory, .. path]);
}
