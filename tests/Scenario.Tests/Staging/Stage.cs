using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using CanaryFunctions.Cli.Playground;
using CanaryFunctions.Cli.Scenarios;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Simulator;

namespace CanaryFunctions.Scenario.Tests.Staging;

/// <summary>A scenario's world: the embedded cluster with the product in it, as <c>canary up</c> starts it.</summary>
internal sealed class Stage : Scene
{
    internal const string Namespace = "test";
    internal const string Host = "app.example.com";

    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly ConcurrentQueue<ChatMessage> _chat = new();
    private readonly LineWriter _log;
    private ChatInbox _inbox = null!;
    private bool _forgivesRefusals;

    private Stage(GuideScript script, Signal changed)
        : base(script, Place.Literal, changed) => _log = new(changed);

    internal Playground Playground { get; private set; } = null!;

    internal override IClusterClient Client => Playground.Client;

    internal override SimulatedMachines Machines => Playground.Cluster.Machines;

    internal override IReadOnlyList<ChatMessage> Chat => [.. _chat];

    internal override IReadOnlyList<string> Log => _log.Lines;

    internal override TimeSpan Patience => Limit;

    internal Uri Gateway => Playground.Cluster.GatewayUri;

    internal static async Task<Stage> OpenAsync(StageOptions? options = null)
    {
        options ??= new();
        var changed = new Signal();
        var stage = new Stage(GuideScript.Of(options.Guide), changed) { _inbox = await ChatInbox.StartAsync(CancellationToken.None) };
        stage._inbox.Received += message =>
        {
            stage._chat.Enqueue(message);
            changed.Raise();
        };
        stage.Playground = await Playground.StartAsync(
            new(options.Speed, options.Provider)
            {
                SlackUrl = stage._inbox.SlackUrl.ToString(),
                TeamsUrl = stage._inbox.TeamsUrl.ToString(),
                Log = stage._log,
                Client = options.Client,
                Queue = options.Queue,
                Faults = options.Faults,
            },
            CancellationToken.None);
        stage.Inside = await stage.Machines.Proxies.ForNamespaceAsync(Namespace, CancellationToken.None);
        stage.Feed = new(stage.Client, changed, options.Kinds, Namespace);
        return stage;
    }

    /// <summary>With the guide's objects applied, and the Canary at rest.</summary>
    internal static async Task<Stage> InitializedAsync(Action<JsonObject>? edit = null, StageOptions? options = null)
    {
        var stage = await OpenAsync(options);
        try
        {
            await stage.ApplyAsync([.. GuideObjects(edit, (options ?? new()).Guide)]);
            await stage.RestsAsync(CanaryPhase.Initialized);
            return stage;
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    /// <summary>As <see cref="Scene.Objects"/>, where the guides have them.</summary>
    /// <param name="edit">Gets the Canary's <c>spec.analysis</c>, or what v1alpha3 has in its place.</param>
    internal static IEnumerable<JsonObject> GuideObjects(Action<JsonObject>? edit = null, string guide = "skipper")
    {
        foreach (var obj in Cli.Guides.Objects(guide).Select(o => o.Copy()))
        {
            if (obj.Integer("spec", "progressDeadlineSeconds") is { } deadline)
            {
                obj.Section("spec")["progressDeadlineSeconds"] = 10 * deadline;
            }

            if (obj.Text("kind") == Kinds.Canary.Kind)
            {
                var spec = obj.Section("spec");
                edit?.Invoke(spec.ObjectAt("canaryAnalysis") ?? spec.Section("analysis"));
            }

            yield return obj;
        }
    }

    internal override Task ApplyAsync(params JsonObject[] objects) => new UserCommands(Client, TimeProvider.System).ApplyAsync(objects, CancellationToken.None);

    internal override Task<DateTimeOffset> SetImageAsync(string tag)
        => new UserCommands(Client, TimeProvider.System).SetImageAsync(Namespace, App, "podinfod", $"{Script.Image}:{tag}", CancellationToken.None);

    internal override int Rate(int fast) => fast;

    /// <summary>The scenario takes rights away: what the product is refused is no fault of the manifests.</summary>
    internal void ForgiveRefusals() => _forgivesRefusals = true;

    public override async ValueTask DisposeAsync()
    {
        if (Feed is not null)
        {
            await Feed.DisposeAsync();
        }

        if (Playground is not null)
        {
            await Playground.DisposeAsync();
        }

        await _inbox.DisposeAsync();
        await _log.DisposeAsync();
        if (Playground is not null && !_forgivesRefusals)
        {
            Playground.Cluster.ApiServer.Refusals.Where(r => r.User == Playground.ProductUser.Name).Select(r => r.Message).Distinct()
                .ShouldBeEmpty("a right is missing in infra/kustomize/base/rbac.yaml");
        }
    }
}
