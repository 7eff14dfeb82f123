using CanaryFunctions.Core;

namespace CanaryFunctions.Webhook;

internal static partial class Log
{
    [LoggerMessage(5001, LogLevel.Information, "Admission webhook listens on {Address}; health and metrics are at {Health}.")]
    public static partial void Listening(this ILogger logger, Uri address, Uri health);

    [LoggerMessage(5002, LogLevel.Information, "Wrote {Kind} {Name}.")]
    public static partial void ConfigurationWritten(this ILogger logger, string kind, string name);

    [LoggerMessage(5003, LogLevel.Information, "Removed {Kind} {Name}.")]
    public static partial void ConfigurationRemoved(this ILogger logger, string kind, string name);

    [LoggerMessage(5004, LogLevel.Warning, "Could not remove {Kind} {Name}; delete it by hand.")]
    public static partial void ConfigurationLeft(this ILogger logger, Exception exception, string kind, string name);

    [LoggerMessage(5005, LogLevel.Warning, "{Kind} {Name} leaves changes to this webhook's absence: the cluster knows no match conditions, so its failure policy is Ignore.")]
    public static partial void NoMatchConditions(this ILogger logger, string kind, string name);

    [LoggerMessage(5006, LogLevel.Warning, "The index of Canaries did not fill within {Patience}; until it does, changes are left to the sweep.")]
    public static partial void IndexLate(this ILogger logger, TimeSpan patience);

    [LoggerMessage(5007, LogLevel.Warning, "Watch of {Plural} failed; starts again in {Delay}.")]
    public static partial void WatchFailed(this ILogger logger, Exception exception, string plural, TimeSpan delay);

    [LoggerMessage(5008, LogLevel.Warning, "Hint for {Canary} could not be queued; the sweep will find the change.")]
    public static partial void HintFailed(this ILogger logger, Exception exception, CanaryKey canary);

    [LoggerMessage(5009, LogLevel.Warning, "Hint for {Canary} was dropped: {Capacity} others wait; the sweep will find the change.")]
    public static partial void HintDropped(this ILogger logger, CanaryKey canary, int capacity);

    [LoggerMessage(5010, LogLevel.Debug, "Queued a hint for {Canary}, written by {User}.")]
    public static partial void HintQueued(this ILogger logger, CanaryKey canary, string? user);

    [LoggerMessage(5011, LogLevel.Information, "Denied {Operation} of {Kind} {Name}.{Namespace} by {User}: {Message}")]
    public static partial void Denied(this ILogger logger, string operation, string kind, string name, string @namespace, string user, string message);

    [LoggerMessage(5012, LogLevel.Error, "Examining {Kind} {Name}.{Namespace} failed; it was let through.")]
    public static partial void ExaminationFailed(this ILogger logger, Exception exception, string kind, string name, string @namespace);

    [LoggerMessage(5013, LogLevel.Warning, "Refused a request to {Path}: {Problem}")]
    public static partial void Refused(this ILogger logger, string path, string problem);

    [LoggerMessage(5014, LogLevel.Information, "Wrote certificates to secret {Name}.{Namespace}.")]
    public static partial void CertificateWritten(this ILogger logger, string name, string @namespace);

    [LoggerMessage(5016, LogLevel.Warning, "Hint for {Canary} was not queued before the end; the sweep will find the change.")]
    public static partial void HintUnsent(this ILogger logger, CanaryKey canary);

    [LoggerMessage(5015, LogLevel.Warning, "No queue is configured: this process validates and fills in defaults, and changes are found by the functions' sweep.")]
    public static partial void NoQueueConfigured(this ILogger logger);

    [LoggerMessage(5020, LogLevel.Warning, "Did not convert to {Version}: {Problem}")]
    public static partial void NotConverted(this ILogger logger, string version, string problem);

    [LoggerMessage(5021, LogLevel.Error, "Converting to {Version} failed.")]
    public static partial void ConversionFailed(this ILogger logger, Exception exception, string version);

    [LoggerMessage(5022, LogLevel.Information, "{Definition} names this process as its converter no longer.")]
    public static partial void ConversionRemoved(this ILogger logger, string definition);

    [LoggerMessage(5023, LogLevel.Warning, "{Definition} may still name this process as its converter; set its spec.conversion.strategy to None.")]
    public static partial void ConversionLeft(this ILogger logger, Exception exception, string definition);

    [LoggerMessage(5030, LogLevel.Information, "Serving a certificate that is good until {Until}.")]
    public static partial void CertificateServed(this ILogger logger, DateTimeOffset until);

    [LoggerMessage(5031, LogLevel.Warning, "Secret {Name}.{Namespace} was gone or unusable; wrote it anew from memory, and changes the CA.")]
    public static partial void CertificateRestored(this ILogger logger, string name, string @namespace);

    [LoggerMessage(5032, LogLevel.Warning, "The certificate in use stays: {Problem}")]
    public static partial void FolderRefused(this ILogger logger, string problem);

    [LoggerMessage(5033, LogLevel.Warning, "Looking after certificate and registration failed; next try in {Delay}.")]
    public static partial void LookFailed(this ILogger logger, Exception exception, TimeSpan delay);

    [LoggerMessage(5034, LogLevel.Warning, "{Kind} {Name} leads to another process now; this one leaves it to that.")]
    public static partial void ConfigurationTaken(this ILogger logger, string kind, string name);

    [LoggerMessage(5035, LogLevel.Warning, "Could not take this replica's Lease away; it runs out by itself.")]
    public static partial void LeaseLeft(this ILogger logger, Exception exception);

    [LoggerMessage(5036, LogLevel.Information, "Told to end; {Delay} are left for reviews that still come.")]
    public static partial void Draining(this ILogger logger, TimeSpan delay);

    [LoggerMessage(5037, LogLevel.Warning, "{Kind} {Name} asks cert-manager for its CA, but webhook-certificate-folder is not set: the certificate of our own that is served instead is not trusted.")]
    public static partial void InjectedCaIsAnothers(this ILogger logger, string kind, string name);
}
