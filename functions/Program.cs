using CanaryFunctions.Core;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Core.Sweeping;
using CanaryFunctions.Functions;
using CanaryFunctions.Platform.Hosting;
using CanaryFunctions.Platform.Hosting.Publishing;
using CanaryFunctions.Platform.Hosting.Settings;
using CanaryFunctions.Platform.Http;
using CanaryFunctions.Platform.Kubernetes;
using CanaryFunctions.Platform.Kubernetes.Clusters;
using CanaryFunctions.Platform.Queues;
using CanaryFunctions.Platform.Queues.Settings;
using CanaryFunctions.Platform.Telemetry;
using CanaryFunctions.Providers;

try
{
    // How `dotnet publish` gets the folders that the Functions host reads; for nobody else.
    if (args is ["--write-functions", var folder, var binding])
    {
        FunctionsRegistration.Folders(QueueBindings.Parse(binding)).Write(folder);
        return 0;
    }

    using var signals = new StopSignals();
    var isHosted = CustomHandlerOptions.IsHosted;
    var configuration = SettingsReader.Sources(AppContext.BaseDirectory, args);
    SettingsReader.Check(
        () => SettingsReader.Read(configuration), () => StepQueueSettings.Read(configuration), () => HttpCallerSettings.Read(configuration),
        () => FleetSettings.Read(configuration), () => SweepSettings.IsOnForFunctions(configuration));
    var options = SettingsReader.Read(configuration);
    var queue = StepQueueSettings.Read(configuration);
    var level = JsonLogOptions.ParseLevel(configuration["LOG_LEVEL"] ?? configuration["log-level"] ?? "info");
    var builder = Host.CreateEmptyApplicationBuilder(null);
    builder.Logging.AddJsonLog(new JsonLogOptions { Level = level, Writer = isHosted ? HostConsole.Open() : null });
    builder.Services
        .AddSingleton(TimeProvider.System)
        .AddSingleton(options)
        .AddStepQueue(queue);
    if (FleetSettings.Read(configuration) is { Count: > 0 } clusters)
    {
        builder.Services.AddCanaryFleet(clusters);
    }
    else
    {
        builder.Services
            .AddHttpCaller(configuration)
            .AddKubernetes(new() { KubeConfig = SettingsReader.KubeConfig(configuration) })
            .AddProviders()
            .AddCanaryCore()
            .AddCanaryFunctions();
    }

    if (isHosted)
    {
        builder.AddCustomHandler(queue);
    }
    else
    {
        // The sweep of a fleet is the timer's. That of one cluster is shared with the other replicas.
        var (isFleet, sweeps) = (FleetSettings.Read(configuration).Count > 0, SweepSettings.IsOnForFunctions(configuration));
        builder.Services.AddSingleton(new InProcessHostOptions { Speed = options.Speed, RunTimers = isFleet && sweeps }).AddHostedService<InProcessHost>();
        if (sweeps && !isFleet)
        {
            builder.Services.AddHostedService(services => new SweepService(SweepDuty.For(
                services, SweepSettings.Read(configuration, services.GetRequiredService<KubernetesClient>().Namespace), takesOver: queue.Kind == StepQueueKind.InProcess)));
        }
    }

    using var host = builder.Build();

    // A cluster that cannot be connected to is told at the start, not by the first message.
    _ = (object?)host.Services.GetService<Fleet>() ?? host.Services.GetRequiredService<IClusterClient>();
    await host.RunAsync();
    return signals.ExitCode(isHosted);
}
catch (Exception e) when (e is SettingsException or FormatException or KubeConfigException or IOException)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
