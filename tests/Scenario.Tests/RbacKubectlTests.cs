using System.Text.Json.Nodes;
using CanaryFunctions.Cli.Playground;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Scenario.Tests.Staging;
using CanaryFunctions.Simulator.Yaml;
using CanaryFunctions.TestKit.Programs;

namespace CanaryFunctions.Scenario.Tests;

/// <summary>The manifests of infra/kustomize/base, and the rights that they give, as a person with kubectl sees them.</summary>
[Collection(nameof(Unmeasured))]
public sealed class RbacKubectlTests
{
    private static readonly string Base = Path.Combine(AppContext.BaseDirectory, "infra", "kustomize", "base");
    private static readonly string Account = $"--as={Playground.ProductUser.Name}";

    [ProgramFact("kubectl")]
    public async Task Base_IsRenderedAndAccepted()
    {
        await using var stage = await Stage.OpenAsync();
        using var kubectl = new Kubectl(stage.Playground.Cluster.ApiServer.Kubeconfig);

        var rendered = YamlJson.ParseAll(await kubectl.RunAsync("kustomize", Base)).OfType<JsonObject>().ToList();
        rendered.Select(o => $"{o.Text("kind")} {o.Name()}").Order(StringComparer.Ordinal).ShouldBe(
        [
            "ClusterRole flagger",
            "ClusterRoleBinding flagger",
            "CustomResourceDefinition alertproviders.flagger.app",
            "CustomResourceDefinition canaries.flagger.app",
            "CustomResourceDefinition metrictemplates.flagger.app",
            "Namespace flagger-system",
            "Role flagger",
            "RoleBinding flagger",
            "ServiceAccount flagger",
        ], Case.Sensitive);
        JsonNode.DeepEquals(RulesOf(rendered), RulesOf(ProductAccess.Base())).ShouldBeTrue("the product runs here with what is installed elsewhere");

        var applied = await kubectl.RunAsync("apply", "-k", Base);
        applied.Split('\n').Length.ShouldBe(9);
        applied.ShouldContain("clusterrole.rbac.authorization.k8s.io/flagger");
    }

    private static JsonNode? RulesOf(IEnumerable<JsonObject> objects) => objects.Single(o => o.Text("kind") == "ClusterRole")["rules"];

    [ProgramFact("kubectl")]
    public async Task Rights_CanBeAskedFor_AndARefusalSaysWhatIsMissing()
    {
        await using var stage = await Stage.OpenAsync();
        using var kubectl = new Kubectl(stage.Playground.Cluster.ApiServer.Kubeconfig);

        (await kubectl.RunAsync("auth", "can-i", "update", "canaries.flagger.app", "--subresource=status", "-n", "test", Account)).ShouldBe("yes");
        (await kubectl.StartAsync("auth", "can-i", "update", "canaries.flagger.app", "-n", "test", Account)).Output.ShouldBe("no");
        (await kubectl.StartAsync("auth", "can-i", "delete", "secrets", "-n", "flagger-system", Account)).Output.ShouldBe("no");
        (await kubectl.RunAsync("auth", "can-i", "delete", "nodes")).ShouldEndWith("yes", Case.Sensitive, "the person at the keyboard may do everything");
        (await kubectl.FailAsync("get", "pods", "-n", "test", Account)).ShouldBe(
            $"Error from server (Forbidden): pods is forbidden: User \"{Playground.ProductUser.Name}\" cannot list resource \"pods\" in API group \"\" in the namespace \"test\"");
        stage.ForgiveRefusals();
    }
}
