using System.Text.Json;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Analysis;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Delivering;
using CanaryFunctions.Core.Engine;
using CanaryFunctions.Core.Notifying;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Core.Routing;
using CanaryFunctions.Core.Sweeping;
using CanaryFunctions.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CanaryFunctions.Core.Tests.Engine;

/// <summary>The real engine on a fake cluster, a fake queue and a fake clock. Pods become ready a second and a half after they are asked for, unless their image is bad.</summary>
internal sealed class World
{
    internal const string Namespace = "test";
    private readonly HashSet<string> _badImages = [];
    private readonly HashSet<string> _broken = [];
    private readonly Dictionary<string, (long Generation, DateTimeOffset Since)> _rolling = [];

    internal World(Action<JsonObject>? spec = null, Action<CanaryOptions>? options = null)
    {
        Cluster = new(Clock);
        Queue = new(Clock);
        Cluster.Serve(FakeRouter.Route);
        options?.Invoke(Options);
        Services = Compose();
        Cluster.Put(Kinds.Deployment, Deployment("podinfo", "podinfo:1"));
        Cluster.Put(Kinds.AlertProvider, Parse("""
            {"apiVersion":"flagger.app/v1beta1","kind":"AlertProvider","metadata":{"name":"slack","namespace":"test"},"spec":{"type":"slack","address":"http://chat/slack"}}
            """));
        var canary = CanaryObject();
        spec?.Invoke(canary.Section("spec"));
        Cluster.Put(Kinds.Canary, canary);
    }

    internal FakeClock Clock { get; } = new();

    internal FakeCluster Cluster { get; }

    internal FakeQueue Queue { get; }

    internal FakeHttp Http { get; } = new();

    internal FakeMetrics Metrics { get; } = new();

    internal FakeRouter Router { get; } = new();

    internal CanaryOptions Options { get; } = new() { MeshProvider = "fake" };

    internal ServiceProvider Services { get; private set; }

    /// <summary>Queue of the message that was taken up last.</summary>
    internal string Handling { get; private set; } = "";

    internal static ObjectRef CanaryRef { get; } = new(Kinds.Canary, Namespace, "podinfo");

    internal static ObjectRef TargetRef { get; } = new(Kinds.Deployment, Namespace, "podinfo");

    internal static ObjectRef PrimaryRef { get; } = new(Kinds.Deployment, Namespace, "podinfo-primary");

    internal Canary Canary => Canary.From(Cluster.Peek(CanaryRef)!);

    internal CanaryStatus Status => Canary.Status;

    internal int RoutedToCanary => Cluster.Peek(FakeRouter.RefOf(Canary)).Integer("spec", "canary") ?? -1;

    internal string PrimaryImage => Image(PrimaryRef);

    /// <summary>Messages of all events in the order in which they were first said.</summary>
    internal IReadOnlyList<string> Events
        => [.. Cluster.Created.Where(r => r.Kind == Kinds.Event).Distinct().Select(r => Cluster.Peek(r)).OfType<JsonObject>().Select(e => e.Text("message")!)];

    internal IReadOnlyList<string> Alerts => [.. Http.Calls.Where(c => c.Url.Host == "chat").Select(c => c.Body!)];

    /// <summary>How often an event was said; 0 when never.</summary>
    internal int CountOf(string message)
        => Cluster.PeekAll(Kinds.Event).Where(e => e.Text("message") == message).Sum(e => e.Integer("count") ?? 0);

    /// <summary>What the hook <c>http://hooks/NAME</c> answers from now on.</summary>
    internal void Answer(string hook, HttpAnswer answer)
    {
        var others = Http.Answer;
        Http.Answer = call => call.Url.AbsolutePath == $"/{hook}" ? answer : others(call);
    }

    internal void Refuse(string hook) => Answer(hook, new(403, "not yet"));

    internal void Approve(string hook) => Answer(hook, new(200, ""));

    internal IEnumerable<HttpCall> HookCalls(string path) => Http.Calls.Where(c => c.Url.AbsolutePath == path);

    internal int ReadyPods(ObjectRef deployment) => Cluster.Peek(deployment).Integer("status", "readyReplicas") ?? 0;

    internal string Image(ObjectRef deployment)
        => Cluster.Peek(deployment).ListAt("spec", "template", "spec", "containers").FirstOrDefault().Text("image") ?? "";

    internal World WithBadImage(string image)
    {
        _badImages.Add(image);
        return this;
    }

    internal void GetWell(string image) => _badImages.Remove(image);

    /// <summary>The Deployment's pods fail at once, and come back only after <see cref="HealPods"/>.</summary>
    internal void BreakPods(ObjectRef deployment)
    {
        _broken.Add(deployment.Name);
        Cluster.Change(deployment, d => d.Section("status")["readyReplicas"] = 0);
    }

    internal void HealPods() => _broken.Clear();

    internal void EditCanary(Action<JsonObject> spec) => Cluster.Change(CanaryRef, c => spec(c.Section("spec")));

    /// <summary><c>kubectl set image</c>, and the admission webhook's hint.</summary>
    internal void SetImage(string image)
    {
        Cluster.Change(TargetRef, d => d.ListAt("spec", "template", "spec", "containers").First()["image"] = image);
        Hint();
    }

    internal void Hint(string? user = null)
    {
        var target = Cluster.Peek(TargetRef);
        var message = new StepMessage(Namespace, "podinfo", StepCauses.Admission)
        {
            TargetHash = target is null ? null : TemplateHash.Of(target.At("spec", "template")),
            TargetGeneration = target?.Generation(),
            User = user,
        };
        Queue.EnqueueAsync(message.ToMessage($"hint-{Clock.GetUtcNow().Ticks}-{Cluster.Requests.Count}"), CancellationToken.None).GetAwaiter().GetResult();
    }

    internal Task SweepAsync(SweepShare? share = null) => Services.GetRequiredService<Sweeper>().SweepAsync(share ?? SweepShare.Whole, CancellationToken.None);

    /// <summary>From nothing to Initialized.</summary>
    internal async Task<World> InitializedAsync()
    {
        Hint();
        await RunAsync();
        Status.Phase.ShouldBe(CanaryPhase.Initialized);
        return this;
    }

    /// <summary>Delivers messages, moving the clock to when each is due, until there are none or the condition holds.</summary>
    internal async Task RunAsync(Func<bool>? until = null, int most = 400)
    {
        for (var i = 0; i < most && until?.Invoke() != true; i++)
        {
            if (!await DeliverNextAsync())
            {
                return;
            }
        }

        (until?.Invoke() ?? Queue.Waiting.Count == 0).ShouldBeTrue($"still {Status.Phase} at weight {Status.CanaryWeight} after {most} messages");
    }

    /// <summary>Delivers the message that falls due first; false when there is none.</summary>
    internal async Task<bool> DeliverNextAsync()
    {
        if (Queue.TakeNext() is not { } message)
        {
            return false;
        }

        await DeliverAsync(message);
        return true;
    }

    /// <summary>Delivers one message when it is due, again and again while its handler fails.</summary>
    internal async Task DeliverAsync(QueueMessage message)
    {
        if (message.NotBefore > Clock.GetUtcNow())
        {
            Clock.SetUtcNow(message.NotBefore.Value);
        }

        MovePods();
        for (var delivery = 1; ; delivery++)
        {
            try
            {
                await HandleAsync(message, delivery);
                return;
            }
            catch (Exception e) when (delivery < 20 && e is CrashException or Ports.ClusterException)
            {
                Clock.Advance(TimeSpan.FromMilliseconds(1));
                if (e is CrashException && await RestartAsync())
                {
                    return;
                }
            }
        }
    }

    internal async Task HandleAsync(QueueMessage message, int delivery)
    {
        Handling = message.Queue;
        switch (message.Queue)
        {
            case QueueNames.Steps:
                var step = JsonSerializer.Deserialize(message.Body, MessageJson.Default.StepMessage)!;
                await Services.GetRequiredService<StepHandler>().RunAsync(new(step, message.Id, delivery), CancellationToken.None);
                break;
            case QueueNames.Notices:
                await Services.GetRequiredService<NoticeHandler>().RunAsync(JsonSerializer.Deserialize(message.Body, MessageJson.Default.Notice)!, CancellationToken.None);
                break;
            default:
                var sent = JsonSerializer.Deserialize(message.Body, MessageJson.Default.Delivery)!;
                await Services.GetRequiredService<DeliveryHandler>().RunAsync(new(sent, message.Id, delivery), CancellationToken.None);
                break;
        }
    }

    /// <summary>Another process takes over: what this one remembered is gone, and with it the queue, if that is only in its memory.</summary>
    /// <returns>Whether the message at hand went with it.</returns>
    internal async Task<bool> RestartAsync()
    {
        Services.Dispose();
        Services = Compose();
        Queue.Die();
        if (!Queue.OutlivesProcess)
        {
            await SweepAsync(SweepShare.Whole.TakingOver());
        }

        return !Queue.OutlivesProcess;
    }

    /// <summary>From now on another process handles the messages, while this one goes on with what it has begun.</summary>
    internal void HandOn() => Services = Compose();

    /// <summary>What scheduler and kubelets did since the last look.</summary>
    internal void MovePods()
    {
        foreach (var deployment in Cluster.PeekAll(Kinds.Deployment))
        {
            var (name, generation, now) = (deployment.Name(), deployment.Generation(), Clock.GetUtcNow());
            if (!_rolling.TryGetValue(name, out var seen) || seen.Generation != generation)
            {
                _rolling[name] = seen = (generation, now);
            }

            var wanted = deployment.Integer("spec", "replicas") ?? 1;
            var isBroken = _broken.Contains(name);
            var isUp = (now - seen.Since).Duration() >= TimeSpan.FromSeconds(1.5) && !isBroken && !_badImages.Contains(Image(deployment.RefOf(Kinds.Deployment)));
            var ready = wanted == 0 || isBroken ? 0 : isUp ? wanted : Math.Min(wanted, deployment.Integer("status", "readyReplicas") ?? 0);
            Cluster.Change(deployment.RefOf(Kinds.Deployment), d => d["status"] = new JsonObject
            {
                ["observedGeneration"] = generation,
                ["replicas"] = wanted,
                ["updatedReplicas"] = wanted,
                ["readyReplicas"] = ready,
                ["availableReplicas"] = isUp ? wanted : 0,
            });
        }
    }

    internal static JsonObject Parse(string json) => (JsonObject)JsonNode.Parse(json)!;

    private ServiceProvider Compose() => new ServiceCollection()
        .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
        .AddSingleton<TimeProvider>(Clock)
        .AddSingleton<IClusterClient>(Cluster)
        .AddSingleton<IStepQueue>(Queue)
        .AddSingleton<IHttpCaller>(Http)
        .AddSingleton(Options)
        .AddSingleton(new Catalog<ITrafficRouter>([Router]))
        .AddSingleton(new Catalog<IBuiltInChecks>([new FakeChecks()]))
        .AddSingleton(new Catalog<IMetricProvider>([Metrics]))
        .AddSingleton(new Catalog<INotifier>([new FakeNotifier()]))
        .AddCanaryCore()
        .BuildServiceProvider();

    internal static JsonObject Deployment(string name, string image) => Parse($$"""
        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"{{name}}","namespace":"test"},
         "spec":{"replicas":2,"selector":{"matchLabels":{"app":"{{name}}"} },
                 "template":{"metadata":{"labels":{"app":"{{name}}"} },"spec":{"containers":[{"name":"podinfod","image":"{{image}}","ports":[{"containerPort":9898}]}]} } } }
        """);

    internal static JsonObject CanaryObject() => Parse("""
        {"apiVersion":"flagger.app/v1beta1","kind":"Canary","metadata":{"name":"podinfo","namespace":"test"},
         "spec":{"targetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"podinfo"},"progressDeadlineSeconds":60,
                 "service":{"port":80,"targetPort":9898},
                 "analysis":{"interval":"10s","threshold":3,"maxWeight":50,"stepWeight":10,
                   "metrics":[{"name":"request-success-rate","interval":"1m","thresholdRange":{"min":99}},{"name":"request-duration","interval":"1m","thresholdRange":{"max":500}}],
                   "alerts":[{"name":"team","severity":"info","providerRef":{"name":"slack"}}]}}}
        """);
}

/// <summary>The process dies here.</summary>
internal sealed class CrashException : Exception
{
    internal CrashException()
        : base("killed")
    {
    }
}
