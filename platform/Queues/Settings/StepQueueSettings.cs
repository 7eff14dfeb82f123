using CanaryFunctions.Platform.Hosting.Settings;
using Microsoft.Extensions.Configuration;

namespace CanaryFunctions.Platform.Queues.Settings;

/// <summary>The settings that choose the queue: <c>Canary:Queue</c> (in the environment <c>Canary__Queue</c>) and what the chosen kind needs.</summary>
public sealed class StepQueueSettings
{
    private StepQueueSettings(StepQueueKind kind) => Kind = kind;

    public StepQueueKind Kind { get; }

    /// <summary>Failures before a message goes to the poison queue: <c>Canary:QueueMaxDeliveries</c>, default 10.</summary>
    public int MaxDeliveries { get; private init; }

    /// <summary>The Service Bus queues detect duplicates: <c>Canary:QueueDuplicateDetection</c>, default true.</summary>
    public bool DuplicateDetection { get; private init; }

    /// <summary>
    /// How long a Storage queue hides the message of a worker that died: <c>Canary:QueueVisibilityTimeout</c>, default 1 min. On Service Bus that is the queue's
    /// lock duration.
    /// </summary>
    public TimeSpan VisibilityTimeout { get; private init; }

    /// <summary>Null in process.</summary>
    internal QueueConnection? Connection { get; private init; }

    /// <exception cref="SettingsException">Lists every setting that cannot be used.</exception>
    public static StepQueueSettings Read(IConfiguration configuration)
    {
        var source = new SettingsSource(configuration);
        StepQueueKind? kind = source.Text("Canary:Queue", "inprocess").ToLowerInvariant() switch
        {
            "inprocess" => StepQueueKind.InProcess,
            "servicebus" => StepQueueKind.ServiceBus,
            "storage" => StepQueueKind.Storage,
            var other => source.Refuse<StepQueueKind?>("Canary:Queue", other, "is no kind of queue; use inprocess, servicebus or storage.", null),
        };
        var settings = new StepQueueSettings(kind ?? StepQueueKind.InProcess)
        {
            MaxDeliveries = WholeNumber(source, "Canary:QueueMaxDeliveries", 10, 1, 100),
            DuplicateDetection = source.Flag("Canary:QueueDuplicateDetection", true),
            VisibilityTimeout = Visibility(source),
            Connection = kind switch
            {
                StepQueueKind.ServiceBus => ServiceBusConnection.Read(Connect(configuration, source, "ServiceBus")),
                StepQueueKind.Storage => StorageConnection.Read(Connect(configuration, source, "Storage")),
                _ => null,
            },
        };
        return source.Problems.Count == 0 ? settings : throw new SettingsException(source.Problems);
    }

    // The host looks under both names. It takes the plain one first for Service Bus; having both, and different, would be a mistake in either order.
    private static ConnectionSettings Connect(IConfiguration configuration, SettingsSource source, string fallback)
    {
        var name = source.Text("Canary:QueueConnection", fallback);
        return new ConnectionSettings(configuration, source, $"AzureWebJobs{name}", name);
    }

    // The service counts in seconds; below a few of them a busy worker would lose what it still handles.
    private static TimeSpan Visibility(SettingsSource source)
    {
        const string Name = "Canary:QueueVisibilityTimeout";
        var timeout = source.Duration(Name, TimeSpan.FromMinutes(1));
        return timeout >= TimeSpan.FromSeconds(3) && timeout <= TimeSpan.FromHours(1) && timeout.Ticks % TimeSpan.TicksPerSecond == 0
            ? timeout
            : source.Refuse(Name, source.Text(Name, ""), "must be whole seconds from 3s to 1h.", timeout);
    }

    private static int WholeNumber(SettingsSource source, string name, int fallback, int min, int max)
    {
        var number = source.Number(name, fallback, min, max);
        return number == Math.Floor(number) ? (int)number : source.Refuse(name, source.Text(name, ""), $"must be a whole number from {min} to {max}.", fallback);
    }
}
