namespace CanaryFunctions.Platform.Hosting;

/// <summary>The parameter takes a message of the queue. Publishing turns it into a Service Bus or a Storage queue binding.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class StepQueueTriggerAttribute(string queue) : Attribute
{
    public string Queue { get; } = queue;
}

/// <summary>The method runs on a schedule.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class TimerTriggerAttribute(string schedule) : Attribute
{
    /// <summary>NCRONTAB with six fields (<c>*/30 * * * * *</c>), a TimeSpan, or <c>%SETTING%</c>.</summary>
    public string Schedule { get; } = schedule;

    /// <summary>Also once when the process starts.</summary>
    public bool RunOnStartup { get; set; }
}

/// <summary>The method answers HTTP requests.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class HttpTriggerAttribute(AuthorizationLevel authorization, params string[] methods) : Attribute
{
    public AuthorizationLevel Authorization { get; } = authorization;

    public IReadOnlyList<string> Methods { get; } = methods;

    /// <summary>Template below the host's route prefix, such as <c>gate/{name}</c>; null for the function's name.</summary>
    public string? Route { get; set; }
}

/// <summary>Which key the Functions host asks for before it calls an HTTP function.</summary>
public enum AuthorizationLevel
{
    Anonymous,
    Function,
    Admin,
}
