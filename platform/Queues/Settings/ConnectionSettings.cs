using CanaryFunctions.Platform.Hosting.Settings;
using Microsoft.Extensions.Configuration;

namespace CanaryFunctions.Platform.Queues.Settings;

/// <summary>
/// The settings of one connection, under the names that the Functions host gives them, so that one configuration serves both: <c>Name</c> is a connection
/// string, or <c>Name__fullyQualifiedNamespace</c> and the like name a service that is reached by an identity (contracts/azure-keda.md 1.13).
/// </summary>
/// <param name="keys">Where the connection string may be, in order; the last one is the connection's own name.</param>
internal sealed class ConnectionSettings(IConfiguration configuration, SettingsSource source, params string[] keys)
{
    /// <summary>As it is written in the environment.</summary>
    public string Name => keys[^1].Replace(":", "__", StringComparison.Ordinal);

    /// <summary>Null when there is none.</summary>
    public string? ConnectionString => keys
        .SelectMany(key => (string?[])[configuration[key], configuration.GetConnectionString(key)])
        .FirstOrDefault(text => !string.IsNullOrWhiteSpace(text))?.Trim();

    /// <summary>A setting of the connection, such as <c>clientId</c>; null when it is empty.</summary>
    public string? Find(string name) => keys.Select(key => configuration[$"{key}:{name}"]).FirstOrDefault(text => !string.IsNullOrWhiteSpace(text))?.Trim();

    /// <summary>A setting of the environment, such as <c>AZURE_CLIENT_ID</c>.</summary>
    public string? Variable(string name) => configuration[name] is { Length: > 0 } value ? value : null;

    /// <summary>The connection string cannot be used. It is never shown.</summary>
    public QueueConnection? RefuseString(string problem) => source.Refuse<QueueConnection?>(Name, "(hidden)", problem, null);

    /// <summary>A setting of the connection cannot be used.</summary>
    /// <param name="name">Empty for the connection as a whole.</param>
    public T? Refuse<T>(string name, string value, string problem)
        where T : class
        => source.Refuse<T?>(name.Length == 0 ? Name : $"{Name}__{name}", value, problem, null);
}
