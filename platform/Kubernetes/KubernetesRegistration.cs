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

    /// <summary>
    /// An explicit server or kubeconfig, else the pod's service account, else the environment's kubeconfig (contracts/azure-keda.md 5.4); with an identity of
    /// Entra ID in the place of the kubeconfig's user, where there is one.
    /// </summary>
    /// <exception cref="KubeConfigException">None of them is there, or the one that is there is unusable.</exception>
    internal static KubernetesClient Choose(
        KubernetesOptions options, Func<string, string?> variable, TimeProvider time, string serviceAccountFolder = InClusterConfig.ServiceAccountFolder)
    {
        try
        {
            var connection = Connect(options, variable, time, serviceAccountFolder);
            return new KubernetesClient(options.Namespace.Length == 0 ? connection : connection with { Namespace = options.Namespace }, time, options.Client);
        }
        catch (KubeConfigException e) when (options.Place.Length > 0)
        {
            throw new KubeConfigException($"{options.Place}: {e.Message}", e);
        }
    }

    private static KubeConnection Connect(KubernetesOptions options, Func<string, string?> variable, TimeProvider time, string serviceAccountFolder)
    {
        var identity = options.Entra is { } entra ? new EntraCredentials(new(entra, options.EntraScope, time), options.Place) : null;
        if (options.Server is { } server)
        {
            return new KubeConnection(server) { Roots = options.Roots, Credentials = identity };
        }

        if (Source(options, variable, serviceAccountFolder) is not { } source)
        {
            return InClusterConfig.Load(variable, time, serviceAccountFolder);
        }

        source = source with { Context = options.Context.Length == 0 ? null : options.Context };
        return identity is null ? KubeConfig.Load(source, time) : KubeConfig.Load(source, time, withoutUser: true) with { Credentials = identity };
    }

    /// <summary>Null for the pod's service account.</summary>
    private static KubeConfigSource? Source(KubernetesOptions options, Func<string, string?> variable, string serviceAccountFolder)
        => options.InCluster ? null
            : options.KubeConfigText.Length > 0 ? KubeConfigSource.FromText(options.KubeConfigText)
            : options.KubeConfig.Length > 0 ? KubeConfigSource.FromFile(options.KubeConfig)
            : options.Context.Length == 0 && InClusterConfig.IsPresent(variable, serviceAccountFolder) ? null
            : KubeConfigSource.FromEnvironment(variable) ?? throw new KubeConfigException(
                $"No cluster: no kubeconfig was given, this is no pod (no KUBERNETES_SERVICE_HOST with {serviceAccountFolder}/token), "
                + "KUBECONFIG names no file that exists, and there is no ~/.kube/config.");
}
