using System.Text.Json.Nodes;
using CanaryFunctions.Cli.Playground;
using CanaryFunctions.Cli.Scenarios;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Simulator;

namespace CanaryFunctions.Scenario.Tests.Staging;

/// <summary>A guide's application on a cluster with the product, and what can be seen of it from outside. What kind of cluster, those who derive say.</summary>
internal abstract class Scene(GuideScript script, Place place, Signal changed) : IAsyncDisposable
{
    internal const string App = "podinfo";

    internal Place Place => place;

    /// <summary>The Canary as messages name it.</summary>
    internal string Title => $"{App}.{place.Namespace}";

    /// <summary>A person at the keyboard.</summary>
    internal abstract IClusterClient Client { get; }

    /// <summary>The node, the network and the gateway.</summary>
    internal abstract SimulatedMachines Machines { get; }

    /// <summary>Chat messages in the order in which they came.</summary>
    internal abstract IReadOnlyList<ChatMessage> Chat { get; }

    /// <summary>The product's log lines.</summary>
    internal abstract IReadOnlyList<string> Log { get; }

    internal ClusterFeed Feed { get; private protected set; } = null!;

    /// <summary>The proxy of the application's namespace: for calls as from a pod of it.</summary>
    internal Uri Inside { get; private protected set; } = null!;

    internal CanaryStatus Status => Feed.Canary(App)?.Status ?? new();

    /// <summary>Wall clock; only a scenario that fails takes so long.</summary>
    internal abstract TimeSpan Patience { get; }

    protected GuideScript Script => script;

    /// <summary>The guide's objects in the guide's order, as they are applied here, with one change: ten times the guide's deadline, for a busy machine is no stuck release.</summary>
    /// <param name="edit">Gets the Canary's <c>spec.analysis</c>, or what v1alpha3 has in its place.</param>
    internal IReadOnlyList<JsonObject> Objects(Action<JsonObject>? edit = null) => [.. Stage.GuideObjects(edit, script.Provider).Select(Fit)];

    /// <summary><c>kubectl apply</c>.</summary>
    internal abstract Task ApplyAsync(params JsonObject[] objects);

    /// <summary><c>kubectl set image</c>; gives the time of its reply.</summary>
    internal abstract Task<DateTimeOffset> SetImageAsync(string tag);

    /// <summary>Requests a second, of so many on the embedded cluster's fast clock.</summary>
    internal abstract int Rate(int fast);

    /// <summary>An object of the guides as this cluster takes it.</summary>
    internal virtual JsonObject Fit(JsonObject obj) => place.Here(obj);

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
        var stored = (await Client.ListAsync(Kinds.Event, place.Namespace, new(), CancellationToken.None)).Items.Select(e => e.Name()).ToList();
        await UntilAsync(() => !stored.Except(Feed.Names(Kinds.Event)).Any(), "all events arrive");
    }

    /// <summary>A patch of the Canary, as <c>kubectl patch</c> sends it.</summary>
    internal Task PatchCanaryAsync(JsonObject patch) => Client.MergePatchAsync(new(Kinds.Canary, place.Namespace, App), patch, null, CancellationToken.None);

    internal Task DeleteCanaryAsync() => Client.DeleteAsync(new(Kinds.Canary, place.Namespace, App), new(), CancellationToken.None);

    internal Task WeightAsync(int weight) => UntilAsync(() => Status.CanaryWeight >= weight, $"the canary gets {weight} %");

    internal string? ImageOf(string deployment) => Feed.Find(Kinds.Deployment, deployment).ListAt("spec", "template", "spec", "containers").First().Text("image");

    /// <summary>Looks again whenever something changes: an object, a chat message, a log line, or what <see cref="Touch"/> tells of.</summary>
    internal async Task UntilAsync(Func<bool> condition, string what)
    {
        var deadline = TimeProvider.System.GetUtcNow() + Patience;
        while (true)
        {
            var next = changed.Next;
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
                Assert.Fail($"Not so within {Patience.TotalSeconds} s: {what}.\n{Describe()}");
            }
        }
    }

    /// <summary>Something outside changed that a condition reads.</summary>
    internal void Touch() => changed.Raise();

    public abstract ValueTask DisposeAsync();

    /// <summary>What to know when something did not come.</summary>
    internal string Describe() => string.Join('\n',
    [
        $"{Title}: {Status.Phase} weight {Status.CanaryWeight} failed {Status.FailedChecks} next {Status.NextStepAt:O} outbox {Status.Outbox.Count}",
        .. Status.Conditions.Select(c => $"{c.Type}={c.Status} {c.Message}"),
        .. Feed.Events.TakeLast(12).Select(e => $"{e.Type} {e.Message}"),
        .. Log.TakeLast(8),
    ]);
}
