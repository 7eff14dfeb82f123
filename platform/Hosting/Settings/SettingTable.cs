namespace CanaryFunctions.Platform.Hosting.Settings;

/// <summary>Which programs read a setting, and so which table of docs/configuration.md it is in.</summary>
public enum SettingTable
{
    /// <summary>All programs.</summary>
    Common,

    /// <summary>All programs: the queue between them.</summary>
    Queue,

    /// <summary>The functions, where they serve several clusters.</summary>
    Clusters,

    /// <summary>The Functions host, and the functions under it.</summary>
    FunctionsHost,

    /// <summary>The webhook, and <c>canary run</c>, which has it inside.</summary>
    Webhook,
}
