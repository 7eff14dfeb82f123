using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using CanaryFunctions.Cli.Playground;
using CanaryFunctions.Cluster.Tests.RealParts;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Scenario.Tests.Guides;
using CanaryFunctions.Scenario.Tests.Staging;
using CanaryFunctions.Simulator;

namespace CanaryFunctions.Cluster.Tests.Guides;

/// <summary>A guide in a namespace of its own on the <see cref="SharedCluster"/>; what people do there, they do with kubectl.</summary>
internal sealed class RealStage : Scene
{
    /// <summary>An analysis at the pace of the wall clock; what the guides wait for would take minutes.</summary>
    private const string Interval = "2s";

    private const string Window = "10s";

    private readonly SharedCluster _share;
    private readonly GuideCase _guide;
    private readonly Signal _changed;
    private readonly ConcurrentQueue<ChatMessage> _chat = new();

    private RealStage(SharedCluster share, GuideCase guide, Place place, Signal changed)
        : base(guide.Script, place, changed)
    {
        (_share, _guide, _changed) = (share, guide, changed);
        Feed = new(Client, changed, guide.Options.Kinds, place.Namespace);
        Cluster.Inbox.Received += Hear;
    }

    private RealCluster Cluster => _share.Cluster;

    internal override IClusterClient Client => Cluster.Person;

    internal override SimulatedMachines Machines => Cluster.Machines;

    internal override IReadOnlyList<ChatMessage> Chat => [.. _chat];

    internal override IReadOnlyList<string> Log => Cluster.Product.Tail();

    internal override TimeSpan Patience => TimeSpan.FromMinutes(2);

    internal static async Task<RealStage> OpenAsync(GuideCase guide)
    {
        var share = await SharedCluster.JoinAsync();

        // Some providers have a namespace that is called like them. No dash: the guides' own queries write the namespace as it is, but Skipper's series do not.
        var place = new Place($"{string.Concat(guide.Provider.Where(char.IsAsciiLetter))}guide");
        return new(share, guide, place, new()) { Inside = await share.Cluster.Machines.Proxies.ForNamespaceAsync(place.Namespace, CancellationToken.None) };
    }

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

    /// <summary>One process serves all guides here, so each Canary names the provider that its own install would give it. Kubernetes 1.20 has no <c>autoscaling/v2</c>.</summary>
    internal override JsonObject Fit(JsonObject obj)
    {
        var here = base.Fit(obj);
        if (here.Text("apiVersion") == "autoscaling/v2")
        {
            here["apiVersion"] = "autoscaling/v2beta2";
        }

        if (here.Text("kind") == Kinds.Canary.Kind && _guide.Install.Length > 0)
        {
            here.Section("spec")["provider"] = _guide.Install;
        }

        return here;
    }

    /// <summary>kubectl in the guide's namespace.</summary>
    internal Task<string> KubectlAsync(params string[] arguments) => Cluster.Kubectl.RunAsync(["-n", Place.Namespace, .. arguments]);

    public override async ValueTask DisposeAsync()
    {
        Cluster.Inbox.Received -= Hear;
        await Feed.DisposeAsync();
        var refusals = Cluster.Refusals;
        await _share.DisposeAsync();
        refusals.ShouldBeEmpty("a right is missing in infra/kustomize/base/rbac.yaml");
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
