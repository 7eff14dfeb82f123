using CanaryFunctions.Core.Admission;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CanaryFunctions.Webhook;

public static class WebhookServices
{
    /// <summary>
    /// What <see cref="WebhookServer"/> takes from the services. The host adds the providers' catalogues, <see cref="Core.CanaryOptions"/>,
    /// <see cref="Core.Ports.IClusterClient"/>, <see cref="Core.Ports.IStepQueue"/> and logging.
    /// </summary>
    public static IServiceCollection AddCanaryWebhook(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        return services.AddAdmission();
    }
}
