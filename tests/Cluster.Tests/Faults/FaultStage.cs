using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using CanaryFunctions.Cli.Playground;
using CanaryFunctions.Cluster.Tests.Guides;
using CanaryFunctions.Cluster.Tests.RealParts;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Scenario.Tests.Guides;
using CanaryFunctions.Scenario.Tests.Staging;
using CanaryFunctions.Simulator;

namespace CanaryFunctions.Cluster.Tests.Faults;

/// <summary>The Skipper guide's application in a namespace of its own, on a cluster that something is done to.</summary>
internal sealed class FaultStage : Scene
{
    private const int Weight = 25;

    private readonly RealCluster _cluster;
    private readonly Signal _changed;
    private readonly ConcurrentQueue<ChatMessage> _chat = new();

    private FaultStage(RealCluster cluster, Place place, Signal changed)
        : base(Guide.Script, place, changed)
    {
        (_cluster, _changed) = (cluster, changed);
        Feed = new(Client, changed, Guide.Options.Kinds, place.Namespace);
        cluster.Inbox.Received += Hear;
    }

    internal static GuideCase Guide => SkipperGuideTests.Definition;

    internal override IClusterClient Client => _cluster.Person;

    internal override SimulatedMachines Machines => _cluster.Machines;

    internal override IReadOnlyList<ChatMessage> Chat => [.. _chat];

    internal override IReadOnlyList<string> Log => _cluster.Product.Tail();

    internal override TimeSpan Patience => TimeSpan.FromMinutes(3);

    /// <summary>With the Canary at rest, before its first release.</summary>
    internal static async Task<FaultStage> OpenAsync(RealCluster cluster, Fault fault)
    {
        var place = new Place(fault.Namespace);
        var stage = new FaultStage(cluster, place, new()) { Inside = await cluster.Machines.Proxies.ForNamespaceAsync(place.Namespace, CancellationToken.None) };
        await stage.SetUpAsync(Guide, analysis =>
        {
            RealStage.Brisk(analysis);
            Analysis.WithoutLoad(analysis);
            analysis["stepWeight"] = Weight;
            analysis["maxWeight"] = 2 * Weight;
            fault.Edit(analysis);
        });
        return stage;
    }

    internal override async Task ApplyAsync(params JsonObject[] objects) => await _cluster.Kubectl.ApplyAsync(objects);

    internal override async Task<DateTimeOffset> SetImageAsync(string tag)
    {
        await KubectlAsync("set", "image", $"deployment/{App}", $"podinfod={Script.Image}:{tag}");
        return TimeProvider.System.GetUtcNow();
    }

    internal override int Rate(int fast) => fast / 10;

    /// <summary>Kubernetes 1.20 has no <c>autoscaling/v2</c>.</summary>
    internal override JsonObject Fit(JsonObject obj)
    {
        var here = base.Fit(obj);
        foreach (var versioned in (JsonObject?[])[here, here.ObjectAt("spec", "autoscalerRef")])
        {
            if (versioned.Text("apiVersion") == "autoscaling/v2")
            {
                versioned!["apiVersion"] = "autoscaling/v2beta2";
            }
        }

        return here;
    }

    internal Task<string> KubectlAsync(params string[] arguments) => _cluster.Kubectl.RunAsync(["-n", Place.Namespace, .. arguments]);

    /// <summary>Deletes an object and waits until it is made again.</summary>
    internal async Task RemakeAsync(ResourceKind kind, string name)
    {
        var uid = Feed.Find(kind, name)!.Uid();
        await KubectlAsync("delete", $"{kind.Plural}/{name}");
        await UntilAsync(() => Feed.Find(kind, name) is { } made && made.Uid() != uid, $"{name} is made again");
    }

    public override async ValueTask DisposeAsync()
    {
        _cluster.Inbox.Received -= Hear;
        await Feed.DisposeAsync();
    }

    private void Hear(ChatMessage message)
    {
        if (message.Subject.Contains(Title, StringComparison.Ordinal))
        {
            _chat.Enqueue(message);
            _changed.Raise();
        }
    }
}
