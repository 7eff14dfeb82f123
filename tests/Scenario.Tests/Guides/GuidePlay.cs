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

            await stage.SetUpAsync(guide, edit);
            return stage;
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    /// <summary>Applies the guide's objects and waits until the Canary is at rest and users get through.</summary>
    internal static async Task SetUpAsync(this Scene stage, GuideCase guide, Action<JsonObject>? edit = null)
    {
        await stage.ApplyAsync([.. stage.Objects(edit)]);
        await stage.RestsAsync(CanaryPhase.Initialized);
        await stage.RoutesAsync(guide, 0);
        await stage.ReachesAsync(Scene.App);
    }

    /// <summary>Waits until the data plane, which has a watch of its own, knows the split.</summary>
    internal static Task RoutesAsync(this Scene stage, GuideCase guide, double share)
    {
        var objects = stage.Machines.Cache.For(guide.Split.Kind);
        return objects.WhenAsync(() => objects.Find(new(stage.Place.Namespace, guide.Split.Name)) is { } split && guide.ShareOf(split).Equals(share), CancellationToken.None)
            .WaitAsync(stage.Patience, TimeProvider.System);
    }

    /// <summary>Waits until the cluster's names, which have watches of their own, lead to the Service's pods.</summary>
    private static async Task ReachesAsync(this Scene stage, string service)
    {
        var (cluster, key) = (stage.Machines, new ObjectKey(stage.Place.Namespace, service));
        foreach (var kind in (ResourceKind[])[Kinds.Service, WorkloadKinds.Endpoints])
        {
            await cluster.Cache.For(kind).WhenAsync(() => cluster.Cache.For(kind).Find(key) is not null, CancellationToken.None).WaitAsync(stage.Patience, TimeProvider.System);
        }

        await cluster.Cache.For(WorkloadKinds.Endpoints)
            .WhenAsync(() => cluster.Network.Resolve(key, ServicePort.Only).Target is not null, CancellationToken.None).WaitAsync(stage.Patience, TimeProvider.System);
    }

    internal static Audience UsersOf(this Scene stage, GuideCase guide) => new(new(stage.Place.Here(guide.Users)), stage.Inside);

    /// <summary>Releases an image and, as soon as the canary has traffic, sends requests that must fail it; gives the release's events, waits left out.</summary>
    /// <param name="path">Of the bad requests, such as <c>status/500</c>.</param>
    /// <param name="tag">Null for the guide's.</param>
    internal static async Task<IReadOnlyList<string>> FailAsync(this Scene stage, GuideCase guide, string path, string? tag = null)
    {
        var before = stage.Feed.Events.Count;
        await stage.SetImageAsync(tag ?? guide.Script.BadTag);
        await stage.DetectedAsync(before);
        await stage.WeightAsync(1);
        await using var users = guide.Script.Users is null ? null : Traffic.Start(stage.UsersOf(guide), perSecond: stage.Rate(300));
        await using var bad = Traffic.Start(new Audience(new(stage.Place.Here(guide.Failing)), stage.Inside), path, perSecond: stage.Rate(500));
        await stage.RestsAsync(CanaryPhase.Failed);
        return stage.Story(before);
    }

    /// <summary>Applies one of the guide's files that are not applied from the start.</summary>
    internal static Task ApplyFileAsync(this Scene stage, GuideCase guide, string file)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "examples", Cli.Guides.FolderOf(guide.Provider), file);
        return stage.ApplyAsync([.. YamlJson.ParseAll(File.ReadAllText(path)).OfType<JsonObject>().Select(stage.Fit)]);
    }

    /// <summary>A POST to the load tester's gate, by its name in the cluster.</summary>
    /// <param name="verb"><c>open</c> or <c>close</c>.</param>
    internal static async Task GateAsync(this Scene stage, string verb)
    {
        using var http = new HttpClient(new SocketsHttpHandler { Proxy = new WebProxy(stage.Inside), UseProxy = true });
        using var body = new StringContent($$"""{"name":"{{Scene.App}}","namespace":"{{stage.Place.Namespace}}"}""", Encoding.UTF8, "application/json");
        using var response = await http.PostAsync(new Uri(stage.Place.Here($"http://flagger-loadtester.test/gate/{verb}")), body);
        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    /// <summary>The canary's percentages as the split's object went through them.</summary>
    internal static IReadOnlyList<double> Shares(this Scene stage, GuideCase guide) => [.. stage.Feed.History(guide.Split.Kind, guide.Split.Name).Select(guide.ShareOf)];

    internal static IReadOnlyList<string> Halts(this IReadOnlyList<string> release) => [.. release.Where(m => m.StartsWith("Halt ", StringComparison.Ordinal))];
}
