using CanaryFunctions.Core.Ports;
using CanaryFunctions.Platform.Hosting.Settings;
using CanaryFunctions.Platform.Queues.InProcess;
using CanaryFunctions.Platform.Queues.ServiceBus;
using CanaryFunctions.Platform.Queues.Settings;
using CanaryFunctions.Platform.Queues.StorageQueue;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Platform.Queues;

public static class StepQueueRegistration
{
    /// <summary>
    /// Registers the queue that the settings choose, as <see cref="IStepQueue"/> and as <see cref="IQueueReceiver"/>; in process also as
    /// <see cref="InProcessQueue"/>.
    /// </summary>
    /// <exception cref="SettingsException">Lists every setting of the queue that cannot be used.</exception>
    public static IServiceCollection AddStepQueue(this IServiceCollection services, IConfiguration configuration)
        => services.AddStepQueue(StepQueueSettings.Read(configuration));

    /// <summary>As above, with settings that were read before.</summary>
    public static IServiceCollection AddStepQueue(this IServiceCollection services, StepQueueSettings settings)
    {
        services.TryAddSingleton(TimeProvider.System);
        return settings.Kind switch
        {
            StepQueueKind.ServiceBus => services.AddQueue(s => ServiceBus(settings, s)),
            StepQueueKind.Storage => services.AddQueue(s => Storage(settings, s)),
            _ => services.AddQueue(s => new InProcessQueue(
                s.GetRequiredService<TimeProvider>(), new InProcessQueueOptions { MaxDeliveries = settings.MaxDeliveries })),
        };
    }

    private static IServiceCollection AddQueue<T>(this IServiceCollection services, Func<IServiceProvider, T> make)
        where T : class, IStepQueue, IQueueReceiver
        => services
            .AddSingleton(make)
            .AddSingleton<IStepQueue>(s => s.GetRequiredService<T>())
            .AddSingleton<IQueueReceiver>(s => s.GetRequiredService<T>());

    private static ServiceBusStepQueue ServiceBus(StepQueueSettings settings, IServiceProvider services)
    {
        var (time, connection) = (services.GetRequiredService<TimeProvider>(), settings.Connection!);
        var options = new ServiceBusOptions
        {
            Endpoint = connection.Endpoint,
            DuplicateDetection = settings.DuplicateDetection,
            MaxDeliveries = settings.MaxDeliveries,
        };
        return new ServiceBusStepQueue(options, clock => connection.Signer(clock, time), time, services.GetRequiredService<ILogger<ServiceBusStepQueue>>());
    }

    private static StorageStepQueue Storage(StepQueueSettings settings, IServiceProvider services)
    {
        var (time, connection) = (services.GetRequiredService<TimeProvider>(), settings.Connection!);
        var options = new StorageQueueOptions
        {
            Endpoint = connection.Endpoint,
            MaxDeliveries = settings.MaxDeliveries,
            VisibilityTimeout = settings.VisibilityTimeout,
        };
        return new StorageStepQueue(options, clock => connection.Signer(clock, time), time, services.GetRequiredService<ILogger<StorageStepQueue>>());
    }
}
