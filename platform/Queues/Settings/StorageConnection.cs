using CanaryFunctions.Platform.Queues.Credentials;
using CanaryFunctions.Platform.Queues.StorageQueue;

namespace CanaryFunctions.Platform.Queues.Settings;

/// <summary>Reads how the queues of a Storage account are reached.</summary>
internal static class StorageConnection
{
    private const string Scope = "https://storage.azure.com/.default";
    private const string PublicCloud = "core.windows.net";

    // Account and key of the emulator: everybody's, and in every manual.
    private const string Emulator = "devstoreaccount1";
    private const string EmulatorKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    /// <summary>Null when something is wrong, which then is among the problems.</summary>
    public static QueueConnection? Read(ConnectionSettings settings)
        => settings.ConnectionString is { } text ? FromString(text, settings)
            : settings.Find("queueServiceUri") is { } queues ? FromIdentity("queueServiceUri", queues, settings)
            : settings.Find("serviceUri") is { } service ? FromIdentity("serviceUri", service, settings)
            : settings.Find("accountName") is { } account ? FromIdentity("accountName", $"https://{account}.queue.{PublicCloud}", settings)
            : settings.Refuse<QueueConnection>("", "", $"must be a connection string, or {settings.Name}__queueServiceUri must be the queue service's URL.");

    private static QueueConnection? FromString(string text, ConnectionSettings settings)
    {
        if (ConnectionString.Parse(text) is not { } parts)
        {
            return settings.RefuseString("is no connection string: it must be Name=value pairs between semicolons, each name once.");
        }

        if (parts.IsTrue("UseDevelopmentStorage"))
        {
            return Shared(new Uri($"http://127.0.0.1:10001/{Emulator}"), Emulator, EmulatorKey, settings);
        }

        if (EndpointOf(parts) is not { } endpoint)
        {
            return settings.RefuseString("needs a QueueEndpoint, or an AccountName that makes one with DefaultEndpointsProtocol and EndpointSuffix.");
        }

        if (parts.Find("SharedAccessSignature") is { } sas)
        {
            return new QueueConnection(endpoint, (_, _) => new SasQuerySigner(sas.TrimStart('?')));
        }

        return parts.Find("AccountName") is { } account && parts.Find("AccountKey") is { } key
            ? Shared(endpoint, account, key, settings)
            : settings.RefuseString("needs AccountName and AccountKey, or SharedAccessSignature.");
    }

    private static Uri? EndpointOf(ConnectionString parts)
    {
        var text = parts.Find("QueueEndpoint") ?? (parts.Find("AccountName") is { } account
            ? $"{parts.Find("DefaultEndpointsProtocol") ?? "https"}://{account}.queue.{parts.Find("EndpointSuffix") ?? PublicCloud}"
            : null);
        return Uri.TryCreate(text, UriKind.Absolute, out var endpoint) && endpoint.Scheme is "http" or "https" ? endpoint : null;
    }

    private static QueueConnection? Shared(Uri endpoint, string account, string key, ConnectionSettings settings)
    {
        var bytes = new byte[key.Length];
        return Convert.TryFromBase64String(key, bytes, out var length)
            ? new QueueConnection(endpoint, (clock, _) => new SharedKeySigner(account, bytes[..length], clock))
            : settings.RefuseString("has an AccountKey that is not base64.");
    }

    private static QueueConnection? FromIdentity(string name, string address, ConnectionSettings settings)
    {
        var credential = AzureCredential.Read(settings);
        if (!Uri.TryCreate(address, UriKind.Absolute, out var endpoint) || endpoint.Scheme != "https")
        {
            return settings.Refuse<QueueConnection>(name, address, "must be a URL that begins with https://: tokens are not sent in the clear.");
        }

        return credential is null ? null : new QueueConnection(endpoint, (_, time) => new EntraSigner(credential, Scope, time));
    }
}
