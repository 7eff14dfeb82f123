using CanaryFunctions.Core;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Functions;
using CanaryFunctions.Platform.Hosting;
using CanaryFunctions.Platform.Hosting.Settings;
using CanaryFunctions.Platform.Http;
using CanaryFunctions.Platform.Kubernetes;
using CanaryFunctions.Platform.Queues.InProcess;
using CanaryFunctions.Platform.Telemetry;
using CanaryFunctions.Providers;

try
{
    var configuration = SettingsReader.Sources(AppContext.BaseDirectory, args);
    var builder = Host.CreateEmptyApplicationBuilder(null);
    builder.Logging.AddJsonLog(configuration["LOG_LEVEL"] ?? configuration["log-level"] ?? "info");
    builder.Services
        .AddSingleton(TimeProvider.System)
        .AddSingleton(SettingsReader.Read(configuration))
        .AddSingleton(new CustomHandlerOptions())
        .AddSingleton(new InProcessHostOptions())
        .AddSingleton(services => new InProcessQueue(services.GetRequiredService<TimeProvider>()))
        .AddSingleton<IStepQueue>(services => services.GetRequiredService<InProcessQueue>())
        .AddSingleton<IHttpCaller>(services => new HttpCaller(services.GetRequiredService<TimeProvider>()))
        .AddKubernetes(new() { KubeConfig = SettingsReader.KubeConfig(configuration) })
        .AddProviders()
        .AddCanaryCore()
        .AddCanaryFunctions()
        .AddHostedService<InProcessHost>();

    // The Functions host takes the first answer for readiness, so its server starts last.
    if (CustomHandlerOptions.IsHosted)
    {
        builder.Services.AddHostedService<CustomHandlerServer>();
    }

    using var host = builder.Build();

    // A cluster that cannot be connected to is told at the start, not by the first message.
    host.Services.GetRequiredService<IClusterClient>();
    await host.RunAsync();
    return 0;
}
catch (Exception e) when (e is SettingsException or FormatException or KubeConfigException)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
