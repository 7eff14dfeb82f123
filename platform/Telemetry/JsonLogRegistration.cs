using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Platform.Telemetry;

public static class JsonLogRegistration
{
    /// <summary>Replaces the other log providers by one line of JSON an event; of the framework's own lines warnings and worse.</summary>
    public static ILoggingBuilder AddJsonLog(this ILoggingBuilder logging, JsonLogOptions options)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(options.Level);
        logging.AddFilter("Microsoft", options.Level > LogLevel.Warning ? options.Level : LogLevel.Warning);
        logging.AddFilter("System", options.Level > LogLevel.Warning ? options.Level : LogLevel.Warning);

        // Made by the container, so that the container also closes it.
        logging.Services.AddSingleton<ILoggerProvider>(services => new JsonLogProvider(options, services.GetService<TimeProvider>() ?? TimeProvider.System));
        return logging;
    }

    /// <param name="level">The setting <c>log-level</c>: debug, info, warning or error.</param>
    /// <exception cref="FormatException">It names no level.</exception>
    public static ILoggingBuilder AddJsonLog(this ILoggingBuilder logging, string level) => logging.AddJsonLog(new JsonLogOptions { Level = JsonLogOptions.ParseLevel(level) });
}
