using System.Text.Json.Nodes;
using CanaryFunctions.Cli.Playground;
using CanaryFunctions.Cli.Uninstalling;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Scenario.Tests.Staging;
using CanaryFunctions.Simulator.Yaml;
using CanaryFunctions.TestKit.Programs;
using CanaryFunctions.Webhook;

namespace CanaryFunctions.Scenario.Tests.Running;

/// <summary><c>canary uninstall</c> leaves applications serving and nothing of ours that could be in their way.</summary>
[Collection(nameof(Unmeasured))]
public sealed class UninstallTests
{
    private static readonly UninstallOptions Everything = new(ProductAccess.Namespace, DeleteCanaries: true, DeleteDefinitions: true);
    private static readonly UninstallOptions KeepCanaries = new(ProductAccess.Namespace, DeleteCanaries: false, DeleteDefinitions: false);

    [Fact]
    public async Task DeletedCanaries_GiveTheApplicationsBack_AndAProcessThatRunsOnIsFound()
    {
        await using var stage = await Stage.InitializedAsync(Analysis.Short);

        var problem = await Should.ThrowAsync<UninstallException>(() => UninstallAsync(stage, KeepCanaries with { DeleteCanaries = true }));

        problem.Message.ShouldContain("canary run");
        stage.Feed.Find(Kinds.Canary, "podinfo").ShouldBeNull();
        stage.Feed.Find(Kinds.Deployment, "podinfo").Integer("spec", "replicas").ShouldBe(2);
        await stage.UntilAsync(() => stage.Feed.Find(Kinds.Deployment, "podinfo-primary") is null, "the primary goes");
    }

    [Fact]
    public async Task CanariesThatStay_AreReleased_AndCanBeDeletedWithoutUs()
    {
        await using var stage = await Stage.InitializedAsync(Analysis.Short);
        await stage.Playground.StopProductAsync();
        await stage.Client.CreateAsync(Kinds.ValidatingWebhookConfiguration, KubeObject.New(Kinds.ValidatingWebhookConfiguration, null, "canary-functions-validate"), default);

        var told = await UninstallAsync(stage, KeepCanaries);

        told.ShouldContain("deleted validatingwebhookconfiguration canary-functions-validate");
        told.ShouldContain("released canary podinfo.test: its application stays as it is");
        stage.Feed.Find(Kinds.Deployment, "podinfo-primary").Integer("status", "readyReplicas").ShouldBe(2);
        await stage.DeleteCanaryAsync();
        await stage.UntilAsync(() => stage.Feed.Find(Kinds.Canary, "podinfo") is null, "nobody holds it");
    }

    [Fact]
    public async Task DefinitionsOfCanariesThatStay_AreNotTaken()
    {
        await using var stage = await Stage.InitializedAsync(Analysis.Short);

        var problem = await Should.ThrowAsync<UninstallException>(() => UninstallAsync(stage, KeepCanaries with { DeleteDefinitions = true }));

        problem.Message.ShouldContain("--delete-canaries");
        stage.Feed.Find(Kinds.Canary, "podinfo").ShouldNotBeNull();
        (await stage.Client.GetAsync(WebhookServer.Configurations[0], default)).ShouldNotBeNull("nothing was touched");
    }

    [ProgramFact("kubectl")]
    public async Task WhatStandaloneInstalls_IsTakenAway()
    {
        await using var stage = await Stage.OpenAsync();
        await stage.Playground.StopProductAsync();
        using var kubectl = new Kubectl(stage.Playground.Cluster.ApiServer.Kubeconfig);
        var rendered = await kubectl.RunAsync("kustomize", Path.Combine(AppContext.BaseDirectory, "infra", "kustomize", "standalone"));
        var objects = YamlJson.ParseAll(rendered).OfType<JsonObject>().ToList();
        await stage.ApplyAsync([.. objects.OrderBy(o => o.Text("kind") == "Namespace" ? 0 : 1)]);

        await UninstallAsync(stage, Everything);

        var served = await stage.Client.ServedKindsAsync(default);
        foreach (var obj in objects.Where(o => o.Text("kind") != "Namespace"))
        {
            var kind = served.Find(obj.Text("apiVersion")!.Split('/') is [var group, _] ? group : "", obj.Text("kind")!);
            (kind is null ? null : await stage.Client.GetAsync(obj.RefOf(kind), default)).ShouldBeNull($"{obj.Text("kind")} {obj.Name()} is left");
        }
    }

    private static async Task<IReadOnlyList<string>> UninstallAsync(Stage stage, UninstallOptions options)
    {
        var told = new List<string>();
        await new Uninstaller(stage.Client, options with { Limit = Stage.Limit }, told.Add, TimeProvider.System).RunAsync(CancellationToken.None);
        return told;
    }
}
