using CanaryFunctions.Core;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Platform.Hosting.Settings;
using CanaryFunctions.Platform.Kubernetes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CanaryFunctions.Platform.Http;

public static class HttpCallerRegistration
{
    /// <summary>
    /// Registers <see cref="HttpCaller"/> as <see cref="IHttpCaller"/>, as the settings say how the cluster's Services are reached. The API server's service proxy
    /// is that of the registered <see cref="KubernetesClient"/>; the speed is that of the registered <see cref="CanaryOptions"/>.
    /// </summary>
    /// <exception cref="SettingsException">Lists every setting of it that cannot be used.</exception>
    public static IServiceCollection AddHttpCaller(this IServiceCollection services, IConfiguration configuration)
        => services.AddHttpCaller(HttpCallerSettings.Read(configuration));

    /// <summary>As above, with settings that were read before.</summary>
    public static IServiceCollection AddHttpCaller(this IServiceCollection services, HttpCallerOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ConnectionPools>();
        return services.AddSingleton<IHttpCaller>(provider => new HttpCaller(
            provider.GetRequiredService<TimeProvider>(),
            options with { Speed = provider.GetRequiredService<CanaryOptions>().Speed },
            provider.GetService<KubernetesClient>()?.Services,
            provider.GetRequiredService<ConnectionPools>()));
    }
}
