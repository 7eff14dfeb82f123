using System.Collections.Concurrent;
using System.Globalization;
using CanaryFunctions.Cli.Playground;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Functions;
using CanaryFunctions.Platform.Hosting;
using CanaryFunctions.Platform.Kubernetes.Clusters;
using CanaryFunctions.Platform.Queues;
using CanaryFunctions.Platform.Queues.InProcess;
using CanaryFunctions.Platform.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Scenario.Tests.Staging;

/// <summary>Several embedded clusters, and one set of functions outside of them, composed of settings as the functions app is.</summary>
internal sealed class FleetStage : IAsyncDisposable
{
    internal const double Speed = 60;
    internal const string Provider = "skipper";

    private readonly ConcurrentQueue<ChatMessage> _chat = new();
    private readonly List<FleetMember> _members = [];
    private readonly LineWriter _log;
    private ChatInbox? _inbox;
    private ServiceProvider? _services;
    private InProcessHost? _host;

    private FleetStage() => _log = new(Changed);

    internal Signal Changed { get; } = new();

    internal IReadOnlyList<ChatMessage> Chat => [.. _chat];

    internal IReadOnlyList<string> Log => _log.Lines;

    internal FleetMember this[string name] => _members.Single(m => m.Name == name);

    /// <summary>Messages that nobody could handle.</summary>
    internal IReadOnlyList<DeadLetter> DeadLetters
        => [.. QueueNames.All.SelectMany(name => _services!.GetRequiredService<InProcessQueue>().DeadLetters(name))];

    /// <param name="settings">Settings of a cluster besides those that it needs.</param>
    internal static async Task<FleetStage> OpenAsync(Func<FleetMember, IEnumerable<(string Name, string Value)>> settings, params string[] names)
    {
        var fleet = new FleetStage { _inbox = await ChatInbox.StartAsync(CancellationToken.None) };
        fleet._inbox.Received += message =>
        {
            fleet._chat.Enqueue(message);
            fleet.Changed.Raise();
        };
        foreach (var name in names)
        {
            fleet._members.Add(await FleetMember.StartAsync(name, fleet));
        }

        fleet._services = fleet.Compose(settings);
        foreach (var member in fleet._members)
        {
            await member.StartWebhookAsync(fleet._services.GetRequiredService<IStepQueue>());
        }

        fleet._host = new(
            fleet._services.GetRequiredService<FunctionRegistry>(), fleet._services.GetRequiredService<IQueueReceiver>(), fleet._services,
            new() { Speed = Speed }, TimeProvider.System, fleet._services.GetRequiredService<ILoggerFactory>());
        await fleet._host.StartAsync(CancellationToken.None);
        return fleet;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var member in _members)
        {
            await member.DisposeAsync();
        }

        await _host!.StopAsync(CancellationToken.None);
        _host.Dispose();
        await _services!.DisposeAsync();
        await _inbox!.DisposeAsync();
        await _log.DisposeAsync();
    }

    private ServiceProvider Compose(Func<FleetMember, IEnumerable<(string Name, string Value)>> settings)
    {
        var all = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["MESH_PROVIDER"] = Provider,
            ["METRICS_SERVER"] = "http://prometheus.flagger-system:9090",
            ["SPEED"] = Speed.ToString(CultureInfo.InvariantCulture),
            ["SLACK_URL"] = _inbox!.SlackUrl.ToString(),
        };
        foreach (var member in _members)
        {
            foreach (var (name, value) in settings(member).Prepend(("KUBECONFIG", member.KubeConfig)))
            {
                all[$"CLUSTERS:{member.Name}:{name}"] = value;
            }
        }

        var configuration = new ConfigurationBuilder().AddInMemoryCollection(all).Build();
        return new ServiceCollection()
            .AddLogging(logging => logging.AddJsonLog(new JsonLogOptions { Writer = new ProductLog(_log) }))
            .AddSingleton(TimeProvider.System)
            .AddStepQueue(configuration)
            .AddCanaryFleet(FleetSettings.Read(configuration))
            .BuildServiceProvider();
    }
}
