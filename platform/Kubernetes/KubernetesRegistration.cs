using CanaryFunctions.Core.Ports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CanaryFunctions.Platform.Kubernetes;

public static class KubernetesRegistration
{
    /// <summary>Registers <see cref="KubernetesClient"/>, also as <see cref="IClusterClient"/>. Which cluster it is shows when it is first asked for.</summary>
    public static IServiceCollection AddKubernetes(this IServiceCollection services, KubernetesOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => Choose(options, Environment.GetEnvironmentVariable, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IClusterClient>(provider => provider.GetRequiredService<KubernetesClient>());
        return services;
    }

    /// <summary>An explicit kubeconfig, else the pod's service account, else the environment's kubeconfig (contracts/azure-keda.md 5.4).</summary>
    /// <exception cref="KubeConfigException">None of them is there, or the one that is there is unusable.</exception>
    internal static KubernetesClient Choose(
        KubernetesOptions options, Func<string, string?> variable, TimeProvider time, string serviceAccountFolder = InClusterConfig.ServiceAccountFolder)
    {
        var context = options.Context.Length == 0 ? null : options.Context;
        if (options.KubeConfig.Length > 0)
        {
            return KubernetesClient.FromKubeConfig(KubeConfigSource.FromFile(options.KubeConfig) with { Context = context }, time, options.Client);
        }

        if (InClusterConfig.IsPresent(variable, serviceAccountFolder))
        {
            return new KubernetesClient(InClusterConfig.Load(variable, time, serviceAccountFolder), time, options.Client);
        }

        var source = KubeConfigSource.FromEnvironment(variable) ?? throw new KubeConfigException(
            $"No cluster: no kubeconfig was given, this is no pod (no KUBERNETES_SERVICE_HOST with {serviceAccountFolder}/token), "
            + "KUBECONFIG names no file that exists, and there is no ~/.kube/config.");
        return KubernetesClient.FromKubeConfig(source with { Context = context }, time, options.Client);
    }
}
