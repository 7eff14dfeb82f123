namespace CanaryFunctions.Platform.Queues.Settings;

/// <summary>Where messages travel.</summary>
public enum StepQueueKind
{
    /// <summary>In this process; what waits dies with it.</summary>
    InProcess,

    /// <summary>A Service Bus namespace.</summary>
    ServiceBus,

    /// <summary>The queues of a Storage account.</summary>
    Storage,
}
