using CanaryFunctions.Platform.Hosting.Settings;
using CanaryFunctions.Platform.Queues.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Platform.Hosting;

public static class CustomHandlerRegistration
{
    /// <summary>
    /// Serves the Functions host, which has the timers and receives from the queues. To be registered last: the host takes the server's first answer for readiness.
    /// </summary>
    /// <exception cref="SettingsException">The queue does not leave the process: what is sent would reach nobody once this process sleeps.</exception>
    /// <exception cref="FormatException">The host gave no port that can be used.</exception>
    public static IHostApplicationBuilder AddCustomHandler(this IHostApplicationBuilder builder, StepQueueSettings queue)
    {
        if (queue.Kind == StepQueueKind.InProcess)
        {
            throw new SettingsException([new("Canary:Queue", "inprocess", "cannot be used under the Functions host; use servicebus or storage, as the app was published for.")]);
        }

        var logs = new InvocationLogs();
        builder.Logging.AddProvider(logs);
        builder.Services.AddSingleton(logs).AddSingleton(new CustomHandlerOptions()).AddHostedService<CustomHandlerServer>();
        return builder;
    }
}
