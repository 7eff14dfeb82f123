using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api;
using CanaryFunctions.TestKit;
using CanaryFunctions.TestKit.Programs;

namespace CanaryFunctions.Infra.Tests.Kustomize;

/// <summary>The overlays, given to the embedded API server by kubectl.</summary>
public sealed class ApplyTests
{
    public static TheoryData<string> Names => [.. Overlays.All];

    [ProgramTheory("kubectl")]
    [MemberData(nameof(Names))]
    public async Task Overlay_IsAccepted_AndAgainWithoutAChange(string name)
    {
        await using var server = await StartAsync();
        using var kubectl = new Kubectl(server.Kubeconfig);
        var folder = Checkout.PathOf($"{Overlays.Folder}/{name}");
        var count = (await Overlays.OverlayAsync(name)).Count;
        string[] place = name == "loadtester" ? ["-n", "test"] : [];
        await kubectl.RunAsync("create", "ns", name == "loadtester" ? "test" : "flagger-system");

        // A dry run does not define kinds for what follows in it.
        await kubectl.RunAsync("apply", "-k", Checkout.PathOf("infra/crds"));
        var tried = await kubectl.RunAsync([.. place, "apply", "--dry-run=server", "-k", folder]);
        var first = await kubectl.RunAsync([.. place, "apply", "-k", folder]);
        var second = await kubectl.RunAsync([.. place, "apply", "-k", folder]);

        tried.Split('\n').Length.ShouldBe(count);
        tried.Split('\n').ShouldAllBe(l => l.EndsWith(" (server dry run)", StringComparison.Ordinal));
        first.Split('\n').Count(l => l.EndsWith(" created", StringComparison.Ordinal)).ShouldBeGreaterThanOrEqualTo(name == "loadtester" ? 2 : count - 4);

        // kubectl replaces the selector of a budget each time.
        second.Split('\n').Where(l => !l.StartsWith("poddisruptionbudget", StringComparison.Ordinal)).ShouldAllBe(l => l.EndsWith(" unchanged", StringComparison.Ordinal));
    }

    [ProgramFact("kubectl")]
    public async Task ApplyAgain_LeavesTheWorkersThatKedaSet()
    {
        await using var server = await StartAsync();
        using var kubectl = new Kubectl(server.Kubeconfig);
        var folder = Checkout.PathOf($"{Overlays.Folder}/keda-storagequeue");
        await kubectl.RunAsync("apply", "-k", folder);
        await kubectl.RunAsync("-n", "flagger-system", "scale", "deployment", "canary-functions", "--replicas=0");

        await kubectl.RunAsync("apply", "-k", folder);

        (await kubectl.RunAsync("-n", "flagger-system", "get", "deployment", "canary-functions", "-o", "jsonpath={.spec.replicas}")).ShouldBe("0");
        (await kubectl.RunAsync("-n", "flagger-system", "get", "deployment", "canary-webhook", "-o", "jsonpath={.spec.replicas}")).ShouldBe("2");
    }

    [ProgramFact("kubectl")]
    public async Task MisspeltField_IsRefused()
    {
        await using var server = await StartAsync();
        using var kubectl = new Kubectl(server.Kubeconfig);
        using var folder = new TemporaryFolder();
        await kubectl.RunAsync("create", "ns", "flagger-system");
        var scaler = Checkout.Read($"{Overlays.Folder}/components/keda/servicebus/scaledobject.yaml").Replace("cooldownPeriod:", "coolDownPeriod:", StringComparison.Ordinal);
        var file = folder.Write("scaledobject.yaml", scaler);

        (await kubectl.FailAsync("-n", "flagger-system", "apply", "--dry-run=server", "-f", file)).ShouldContain("coolDownPeriod");
    }

    internal static Task<ApiServer> StartAsync()
    {
        var crds = YamlText.ReadAll(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "testdata", "foreign-crds.yaml"))).OfType<JsonObject>().ToList();
        return ApiServer.StartAsync(new ApiServerOptions { InitialObjects = crds }, CancellationToken.None);
    }
}
