namespace CanaryFunctions.Platform.Hosting.Publishing;

/// <summary>The queue product whose messages the Functions host receives for a published app.</summary>
public enum QueueBinding
{
    ServiceBus,
    Storage,
}

public static class QueueBindings
{
    /// <summary>What <c>dotnet publish -p:Queue=</c> takes.</summary>
    /// <exception cref="FormatException">It is neither <c>servicebus</c> nor <c>storage</c>.</exception>
    public static QueueBinding Parse(string text) => text switch
    {
        "servicebus" => QueueBinding.ServiceBus,
        "storage" => QueueBinding.Storage,
        _ => throw new FormatException($"Queue: '{text}' is no queue that the Functions host receives from; use servicebus or storage."),
    };
}
