using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using CanaryFunctions.Cli.Playground;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Scenario.Tests.Guides;
using CanaryFunctions.Scenario.Tests.Staging;
using CanaryFunctions.Simulator;

namespace CanaryFunctions.Cluster.Tests.RealParts;

/// <summary>A guide's application in a namespace of its own on a <see cref="RealCluster"/>; what people do there, they do with kubectl.</summary>
internal abstract class ClusterStage : Scene
{
    /// <summary>An analysis at the pace of the wall clock; what the guides wait for would take minutes.</summary>
    private const string Interval = "2s";

    private const string Window = "10s";

    private readonly ConcurrentQueue<ChatMessage> _chat = new();

    private protected ClusterStage(RealCluster cluster, GuideCase guide, Place place, Signal changed)
        : base(guide.Script, place, changed)
    {
        Cluster = cluster;
        Feed = new(Client, changed, guide.Options.Kinds, place.Namespace);
        cluster.Inbox.Received += Hear;
    }

    internal override IClusterClient Client => Cluster.Person;

    internal override SimulatedMachines Machines => Cluster.Machines;

    internal override IReadOnlyList<ChatMessage> Chat => [.. _chat];

    internal override IReadOnlyList<string> Log => Cluster.Product.Tail();

    internal override TimeSpan Patience => TimeSpan.FromMinutes(3);

    private protected RealCluster Cluster { get; }

    /// <summary>The analysis with a short interval and short windows.</summary>
    internal static void Brisk(JsonObject analysis)
    {
        analysis["interval"] = Interval;
        foreach (var metric in analysis.ListAt("metrics").OfType<JsonObject>())
        {
            metric["interval"] = Window;
        }
    }

    internal override async Task ApplyAsync(params JsonObject[] objects) => await Cluster.Kubectl.ApplyAsync(objects);

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

    /// <summary>kubectl in the application's namespace.</summary>
    internal Task<string> KubectlAsync(params string[] arguments) => Cluster.Kubectl.RunAsync(["-n", Place.Namespace, .. arguments]);

    public override async ValueTask DisposeAsync()
    {
        Cluster.Inbox.Received -= Hear;
        await Feed.DisposeAsync();
    }

    /// <summary>Gets the proxy of the application's namespace.</summary>
    private protected async Task ConnectAsync() => Inside = await Machines.Proxies.ForNamespaceAsync(Place.Namespace, CancellationToken.None);

    private void Hear(ChatMessage message)
    {
        if (message.Subject.Contains(Title, StringComparison.Ordinal))
        {
            _chat.Enqueue(message);
            Touch();
        }
    }
}
