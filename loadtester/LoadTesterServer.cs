using CanaryFunctions.Core;
using CanaryFunctions.LoadTester.Endpoints;
using CanaryFunctions.LoadTester.Hey;
using CanaryFunctions.LoadTester.Logging;
using CanaryFunctions.LoadTester.Shell;
using CanaryFunctions.LoadTester.Tasks;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace CanaryFunctions.LoadTester;

/// <summary>
/// The server that webhooks of type rollout, pre-rollout and the confirm kinds call: runs tasks and keeps gates
/// (contracts/hooks-alerts.md 3). Stopping it ends every task it runs.
/// </summary>
public sealed class LoadTesterServer : IAsyncDisposable
{
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(5);

    private readonly WebApplication _app;
    private readonly TaskRegistry _registry;
    private readonly ILogger _logger;

    private LoadTesterServer(WebApplication app, TaskRegistry registry, ILogger logger) => (_app, _registry, _logger) = (app, registry, logger);

    /// <summary>Where it listens, such as <c>http://127.0.0.1:41234/</c>.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1/");

    /// <summary>Starts listening. Throws <see cref="ArgumentException"/> for bad options and <see cref="IOException"/> when the port is taken.</summary>
    public static async Task<LoadTesterServer> StartAsync(LoadTesterOptions options, CancellationToken ct)
    {
        options.Validate();
        var app = BuildHost(options);
        var logger = app.Services.GetRequiredService<ILogger<LoadTesterServer>>();
        var metrics = new TaskMetrics();
        var registry = new TaskRegistry(options.TimeProvider, options.TaskTimeout, metrics, logger);
        var routes = new RouteTable([.. Routes(options, registry, metrics, logger)]);
        app.Run(routes.HandleAsync);
        var server = new LoadTesterServer(app, registry, logger);
        try
        {
            await app.StartAsync(ct);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }

        server.Address = AddressOf(app);
        logger.Listening(server.Address);
        return server;
    }

    /// <summary>Ends the tasks first: requests that wait for one then get their answer.</summary>
    public async ValueTask DisposeAsync()
    {
        await _registry.DisposeAsync();
        using var grace = new CancellationTokenSource(StopGrace);
        await _app.StopAsync(grace.Token);
        _logger.ServerStopped();
        await _app.DisposeAsync();
    }

    private static WebApplication BuildHost(LoadTesterOptions options)
    {
        // The empty builder watches no files and hooks no signals: several servers may live in one process.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(options.ListenAddress, options.Port);
        });
        builder.Services.AddSingleton<IHostLifetime, OwnerLifetime>();
        builder.Services.AddLogging(logging => logging
            .SetMinimumLevel(options.LogLevel)
            .AddFilter("Microsoft", LogLevel.Warning)
            .AddProvider(new JsonLineLoggerProvider(options.LogSink, options.TimeProvider, options.LogLevel)));
        return builder.Build();
    }

    private static IEnumerable<Endpoints.Route> Routes(LoadTesterOptions options, TaskRegistry registry, TaskMetrics metrics, ILogger logger)
    {
        NamespaceGuard.TryCreate(options.NamespaceRegexp, out var namespaces, out _);
        var payloads = new PayloadReader(namespaces, logger);
        var generator = new HeyGenerator(new HeyRunner(options.TimeProvider, options.Speed, options.HttpProxy, metrics.Answered));
        var commands = new CommandRunner(options, generator, new ProcessRunner(options));
        return
        [
            .. new TaskEndpoints(TaskTypes(registry, commands, new TaskLog(logger)), registry, namespaces, payloads, logger).Routes,
            .. new GateEndpoints(options.Gates, payloads, logger).Routes,
            new("/healthz", null, context => Answer.TextAsync(context, 200, "OK")),
            new("/metrics", null, context => Answer.TextAsync(context, 200, metrics.ToText())),
        ];
    }

    private static Catalog<ITaskType> TaskTypes(TaskRegistry registry, CommandRunner commands, TaskLog log) => new(
    [
        new BlockingTask("bash", registry, (command, ct) => commands.RunShellAsync("bash", command, ct), log),
        new BackgroundTask(registry, commands, log),
        new BlockingTask("helm", registry, (command, ct) => commands.RunToolAsync("helm", command, ct), log),
        new BlockingTask("helmv3", registry, (command, ct) => commands.RunToolAsync("helm", command, ct), log),
        new BlockingTask("kubectl", registry, (command, ct) => commands.RunToolAsync("kubectl", command, ct), log),
    ]);

    private static Uri AddressOf(WebApplication app)
    {
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return new(address);
    }

    /// <summary>The owner starts and stops the server; the process's signals are the owner's business.</summary>
    private sealed class OwnerLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
