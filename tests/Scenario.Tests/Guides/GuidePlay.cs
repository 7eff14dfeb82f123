using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Scenario.Tests.Staging;
using CanaryFunctions.Simulator.Network;
using CanaryFunctions.Simulator.Workloads;
using CanaryFunctions.Simulator.Yaml;

namespace CanaryFunctions.Scenario.Tests.Guides;

/// <summary>What the guides' readers do, beyond setting an image.</summary>
internal static class GuidePlay
{
    /// <summary>A cluster like the guide's, with the guide's objects applied and the Canary at rest.</summary>
    internal static async Task<Stage> BootstrapAsync(this GuideCase guide, Action<JsonObject>? edit = null, double? speed = null)
    {
        var stage = await Stage.OpenAsync(guide.Options with { Speed = speed ?? guide.Options.Speed });
        try
        {
            foreach (var definition in guide.WithoutDefinitions)
            {
                await stage.Client.DeleteAsync(new(Kinds.CustomResourceDefinition, null, definition), new(), CancellationToken.None);
            }

            await stage.ApplyAsync([.. Stage.GuideObjects(edit, guide.Provider)]);
            await stage.RestsAsync(CanaryPhase.Initialized);
            await stage.RoutesAsync(guide, 0);
            await stage.ReachesAsync(Stage.App);
            return stage;
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until the data plane, which has a watch of its own, knows the split.</summary>
    internal static Task RoutesAsync(this Stage stage, GuideCase guide, double share)
    {
        var objects = stage.Playground.Cluster.Cache.For(guide.Split.Kind);
        return objects.WhenAsync(() => objects.Find(new(Stage.Namespace, guide.Split.Name)) is { } split && guide.ShareOf(split).Equals(share), CancellationToken.None)
            .WaitAsync(Stage.Limit, TimeProvider.System);
    }

    /// <summary>Waits until the cluster's names, which have watches of their own, lead to the Service's pods.</summary>
    private static async Task ReachesAsync(this Stage stage, string service)
    {
        var (cluster, key) = (stage.Playground.Cluster, new ObjectKey(Stage.Namespace, service));
        foreach (var kind in (ResourceKind[])[Kinds.Service, WorkloadKinds.Endpoints])
        {
            await cluster.Cache.For(kind).WhenAsync(() => cluster.Cache.For(kind).Find(key) is not null, CancellationToken.None).WaitAsync(Stage.Limit, TimeProvider.System);
        }

        await cluster.Cache.For(WorkloadKinds.Endpoints)
            .WhenAsync(() => cluster.Network.Resolve(key, ServicePort.Only).Target is not null, CancellationToken.None).WaitAsync(Stage.Limit, TimeProvider.System);
    }

    internal static Audience UsersOf(this Stage stage, GuideCase guide) => new(new(guide.Users), stage.Inside);

    /// <summary>Releases an image and, as soon as the canary has traffic, sends requests that must fail it; gives the release's events, waits left out.</summary>
    /// <param name="path">Of the bad requests, such as <c>status/500</c>.</param>
    internal static async Task<IReadOnlyList<string>> FailAsync(this Stage stage, GuideCase guide, string path)
    {
        var before = stage.Feed.Events.Count;
        await stage.SetImageAsync(guide.Script.BadTag);
        await stage.DetectedAsync(before);
        await stage.WeightAsync(1);
        await using var users = guide.Script.Users is null ? null : Traffic.Start(stage.UsersOf(guide), perSecond: 300);
        await using var bad = Traffic.Start(new Audience(new(guide.Failing), stage.Inside), path, perSecond: 500);
        await stage.RestsAsync(CanaryPhase.Failed);
        return stage.Story(before);
    }

    /// <summary>Applies one of the guide's files that are not applied from the start.</summary>
    internal static Task ApplyFileAsync(this Stage stage, GuideCase guide, string file)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "examples", Cli.Guides.FolderOf(guide.Provider), file);
        return stage.ApplyAsync([.. YamlJson.ParseAll(File.ReadAllText(path)).OfType<JsonObject>()]);
    }

    /// <summary>A POST to the load tester's gate, by its name in the cluster.</summary>
    /// <param name="verb"><c>open</c> or <c>close</c>.</param>
    internal static async Task GateAsync(this Stage stage, string verb)
    {
        using var http = new HttpClient(new SocketsHttpHandler { Proxy = new WebProxy(stage.Inside), UseProxy = true });
        using var body = new StringContent("""{"name":"podinfo","namespace":"test"}""", Encoding.UTF8, "application/json");
        using var response = await http.PostAsync(new Uri($"http://flagger-loadtester.test/gate/{verb}"), body);
        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    /// <summary>The canary's percentages as the split's object went through them.</summary>
    internal static IReadOnlyList<double> Shares(this Stage stage, GuideCase guide) => [.. stage.Feed.History(guide.Split.Kind, guide.Split.Name).Select(guide.ShareOf)];

    internal static IReadOnlyList<string> Halts(this IReadOnlyList<string> release) => [.. release.Where(m => m.StartsWith("Halt ", StringComparison.Ordinal))];
}
