using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Webhook.Certificates;

/// <summary>Which source the options ask for.</summary>
internal static class TrustSources
{
    /// <summary>The folder that somebody else keeps; else our own, shared by replicas in a cluster and in memory outside of it.</summary>
    public static ITrustSource For(WebhookOptions options, IClusterClient cluster, TimeProvider time, ILoggerFactory loggers)
    {
        if (options.Certificates.Folder is { } folder)
        {
            return new FolderTrust(folder, loggers.CreateLogger<FolderTrust>());
        }

        var logger = loggers.CreateLogger<OwnTrust>();
        return IsShared(options)
            ? new OwnTrust(
                options, new(cluster, options.OwnNamespace!, options.SecretName, loggers.CreateLogger<CertificateSecret>()), new(cluster, options, time), time, logger)
            : new OwnTrust(options, null, null, time, logger);
    }

    /// <summary>What others may change of it.</summary>
    public static IReadOnlyList<ObjectRef> Objects(WebhookOptions options)
        => options.Certificates.Folder is null && IsShared(options) ? [new(Kinds.Secret, options.OwnNamespace, options.SecretName)] : [];

    private static bool IsShared(WebhookOptions options) => !options.Outside && options.OwnNamespace is not null;
}
