using CanaryFunctions.Platform.Queues.Credentials;
using CanaryFunctions.Platform.Queues.ServiceBus;

namespace CanaryFunctions.Platform.Queues.Settings;

/// <summary>Reads how a Service Bus namespace is reached.</summary>
internal static class ServiceBusConnection
{
    private const string Scope = "https://servicebus.azure.net/.default";

    /// <summary>Null when something is wrong, which then is among the problems.</summary>
    public static QueueConnection? Read(ConnectionSettings settings)
        => settings.ConnectionString is { } text ? FromString(text, settings)
            : settings.Find("fullyQualifiedNamespace") is { } host ? FromIdentity(host, settings)
            : settings.Refuse<QueueConnection>("", "", $"must be a connection string, or {settings.Name}__fullyQualifiedNamespace must name a namespace.");

    private static QueueConnection? FromString(string text, ConnectionSettings settings)
    {
        if (ConnectionString.Parse(text) is not { } parts)
        {
            return settings.RefuseString("is no connection string: it must be Name=value pairs between semicolons, each name once.");
        }

        // As in the emulator's connection strings: plain HTTP, for stand-ins on this machine.
        var scheme = parts.IsTrue("UseDevelopmentEmulator") ? "http" : "https";
        if (!Uri.TryCreate(parts.Find("Endpoint"), UriKind.Absolute, out var endpoint) || endpoint.Scheme is not ("sb" or "https") || endpoint.Host.Length == 0)
        {
            return settings.RefuseString("needs an Endpoint such as sb://name.servicebus.windows.net/.");
        }

        if (parts.Find("EntityPath") is { } path)
        {
            return settings.RefuseString($"has the EntityPath '{path}' and so is for one queue only; several are used, so the key must be the namespace's.");
        }

        var address = new Uri($"{scheme}://{endpoint.Authority}/");
        if (parts.Find("SharedAccessSignature") is { } token)
        {
            return new QueueConnection(address, (_, _) => new FixedTokenSigner(token));
        }

        return parts.Find("SharedAccessKeyName") is { } name && parts.Find("SharedAccessKey") is { } key
            ? new QueueConnection(address, (clock, _) => new SasSigner(address, name, key, clock))
            : settings.RefuseString("needs SharedAccessKeyName and SharedAccessKey, or SharedAccessSignature.");
    }

    private static QueueConnection? FromIdentity(string host, ConnectionSettings settings)
    {
        var credential = AzureCredential.Read(settings);
        if (Uri.CheckHostName(host) is not UriHostNameType.Dns || !host.Contains('.', StringComparison.Ordinal))
        {
            return settings.Refuse<QueueConnection>("fullyQualifiedNamespace", host, "must be a host name such as name.servicebus.windows.net.");
        }

        return credential is null ? null : new QueueConnection(new Uri($"https://{host}/"), (_, time) => new EntraSigner(credential, Scope, time));
    }
}
