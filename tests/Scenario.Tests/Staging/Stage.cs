using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using CanaryFunctions.Cli.Playground;
using CanaryFunctions.Cli.Scenarios;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Scenario.Tests.Staging;

/// <summary>A scenario's world: the embedded cluster with the product in it, as <c>canary up</c> starts it, and what can be seen of it from outside.</summary>
internal sealed class Stage : IAsyncDisposable
{
    internal const string Namespace = "test";
    internal const string App = "podinfo";
    internal const string Host = "app.example.com";

    // Wall clock; only a scenario that fails takes so long.
    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly Signal _changed = new();
    private readonly ConcurrentQueue<ChatMessage> _chat = new();
    private readonly LineWriter _log;
    private ChatInbox _inbox = null!;
    private bool _forgivesRefusals;

    private readonly GuideScript _script;

    private Stage(GuideScript script) => (_script, _log) = (script, new(_changed));

    internal Playground Playground { get; private set; } = null!;

    internal ClusterFeed Feed { get; private set; } = null!;

    /// <summary>A person at the keyboard.</summary>
    internal IClusterClient Client => Playground.Client;

    internal Uri Gateway => Playground.Cluster.GatewayUri;

    /// <summary>The proxy of the application's namespace: for calls as from a pod of it.</summary>
    internal Uri Inside { get; private set; } = null!;

    /// <summary>Chat messages in the order in which they came.</summary>
    internal IReadOnlyList<ChatMessage> Chat => [.. _chat];

    internal IReadOnlyList<string> Log => _log.Lines;

    internal CanaryStatus Status => Feed.Canary(App)?.Status ?? new();

    internal static async Task<Stage> OpenAsync(StageOptions? options = null)
    {
        options ??= new();
        var stage = new Stage(GuideScript.Of(options.Guide)) { _inbox = await ChatInbox.StartAsync(CancellationToken.None) };
        stage._inbox.Received += message =>
        {
            stage._chat.Enqueue(message);
            stage._changed.Raise();
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
        stage.Inside = await stage.Playground.Cluster.Proxies.ForNamespaceAsync(Namespace, CancellationToken.None);
        stage.Feed = new(stage.Client, stage._changed, options.Kinds);
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

    /// <summary>The guide's objects in the guide's order, with one change: ten times the guide's deadline, for a busy machine is no stuck release.</summary>
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

    internal Task ApplyAsync(params JsonObject[] objects) => new UserCommands(Client, TimeProvider.System).ApplyAsync(objects, CancellationToken.None);

    /// <summary><c>kubectl set image</c>; gives the time of its reply.</summary>
    internal Task<DateTimeOffset> SetImageAsync(string tag)
        => new UserCommands(Client, TimeProvider.System).SetImageAsync(Namespace, App, "podinfod", $"{_script.Image}:{tag}", CancellationToken.None);

    /// <summary>Sets an image and waits until the release is at its end; gives the release's events, waits left out.</summary>
    internal async Task<IReadOnlyList<string>> ReleaseAsync(string tag, CanaryPhase end)
    {
        var (before, run) = (Feed.Events.Count, Status.RunId);
        await SetImageAsync(tag);
        await DetectedAsync(before);

        // The event may arrive before the status does, and the last release rests in the same phase.
        await UntilAsync(() => Status.RunId != run, "the status tells of the new run");
        await RestsAsync(end);
        return Story(before);
    }

    /// <summary>Events since the given number of them, waits left out.</summary>
    internal IReadOnlyList<string> Story(int since) => [.. Feed.Events.Skip(since).Where(e => e.Canary == App && !e.IsWait).Select(e => e.Message)];

    internal async Task<CanaryEvent> DetectedAsync(int since)
    {
        await UntilAsync(() => Detection() is not null, "the new revision is detected");
        return Detection()!;

        CanaryEvent? Detection() => Feed.Events.Skip(since).FirstOrDefault(e => e.Message.StartsWith("New revision detected!", StringComparison.Ordinal));
    }

    internal async Task RestsAsync(CanaryPhase phase)
    {
        await UntilAsync(() => Status is { NextStepAt: null, Outbox.Count: 0 } status && status.Phase == phase, $"the Canary rests as {phase}");

        // Each kind is watched by itself: the events of this status may still be on their way here.
        var stored = (await Client.ListAsync(Kinds.Event, Namespace, new(), CancellationToken.None)).Items.Select(e => e.Name()).ToList();
        await UntilAsync(() => !stored.Except(Feed.Names(Kinds.Event)).Any(), "all events arrive");
    }

    /// <summary>A patch of the Canary, as <c>kubectl patch</c> sends it.</summary>
    internal Task PatchCanaryAsync(JsonObject patch) => Client.MergePatchAsync(new(Kinds.Canary, Namespace, App), patch, null, CancellationToken.None);

    internal Task DeleteCanaryAsync() => Client.DeleteAsync(new(Kinds.Canary, Namespace, App), new(), CancellationToken.None);

    internal Task WeightAsync(int weight) => UntilAsync(() => Status.CanaryWeight >= weight, $"the canary gets {weight} %");

    internal string? ImageOf(string deployment) => Feed.Find(Kinds.Deployment, deployment).ListAt("spec", "template", "spec", "containers").First().Text("image");

    /// <summary>Looks again whenever something changes: an object, a chat message, a log line, or what <see cref="Touch"/> tells of.</summary>
    internal async Task UntilAsync(Func<bool> condition, string what)
    {
        var deadline = TimeProvider.System.GetUtcNow() + Limit;
        while (true)
        {
            var next = _changed.Next;
            if (condition())
            {
                return;
            }

            try
            {
                var left = deadline - TimeProvider.System.GetUtcNow();
                await next.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, TimeProvider.System);
            }
            catch (TimeoutException)
            {
                Assert.Fail($"Not so within {Limit.TotalSeconds} s: {what}.\n{Describe()}");
            }
        }
    }

    /// <summary>The scenario takes rights away: what the product is refused is no fault of the manifests.</summary>
    internal void ForgiveRefusals() => _forgivesRefusals = true;

    /// <summary>Something outside changed that a condition reads.</summary>
    internal void Touch() => _changed.Raise();

    public async ValueTask DisposeAsync()
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

    private string Describe() => string.Join('\n',
    [
        $"{App}: {Status.Phase} weight {Status.CanaryWeight} failed {Status.FailedChecks} next {Status.NextStepAt:O} outbox {Status.Outbox.Count}",
        .. Status.Conditions.Select(c => $"{c.Type}={c.Status} {c.Message}"),
        .. Feed.Events.TakeLast(12).Select(e => $"{e.Type} {e.Message}"),
        .. Log.TakeLast(8),
    ]);
}
