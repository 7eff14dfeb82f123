using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Webhook.Registration;

/// <summary>Everything by which API servers find this webhook: the two configurations, and the definitions' conversion.</summary>
internal sealed class Registrar(IClusterClient cluster, WebhookOptions options, Uri address, ILoggerFactory loggers)
{
    private readonly ConversionRegistration _conversion = new(cluster, options, address, loggers.CreateLogger<ConversionRegistration>());
    private readonly WebhookRegistration _webhooks = new(cluster, options, address, loggers.CreateLogger<WebhookRegistration>());
    private bool _hasApplied;
    private bool _isTaken;

    public static readonly IReadOnlyList<ObjectRef> Objects = [.. WebhookRegistration.Objects, .. ConversionRegistration.Objects];

    /// <summary>
    /// All stand as wanted afterwards, unless another process outside the cluster has taken them over since the first call. Two such processes would take them
    /// from each other for ever, so the younger one wins.
    /// </summary>
    /// <param name="bundle">CA certificates in PEM; null leaves those that stand there.</param>
    /// <exception cref="ClusterException">The API server refuses, or others kept changing them.</exception>
    public async Task<RegistrationResult> ApplyAsync(string? bundle, CancellationToken ct)
    {
        if (_isTaken)
        {
            return RegistrationResult.Taken;
        }

        var conversion = await _conversion.ApplyAsync(bundle, takeOver: !_hasApplied, ct);
        var webhooks = await _webhooks.ApplyAsync(bundle, takeOver: !_hasApplied, ct);
        (_isTaken, _hasApplied) = (webhooks == RegistrationResult.Taken, true);
        return webhooks == RegistrationResult.Stood ? conversion : webhooks;
    }

    /// <summary>Takes away what leads to this process. Failing is logged.</summary>
    public async Task RemoveAsync(CancellationToken ct)
    {
        await _webhooks.RemoveAsync(ct);
        await _conversion.RemoveAsync(ct);
    }
}

/// <summary>What a look at the registration found.</summary>
internal enum RegistrationResult
{
    /// <summary>Nothing was to do.</summary>
    Stood,

    /// <summary>Something was missing or different, and was written.</summary>
    Written,

    /// <summary>Another process has it.</summary>
    Taken,
}
