using System.Diagnostics.CodeAnalysis;
using CanaryFunctions.Core;
using CanaryFunctions.Core.Admission;
using CanaryFunctions.Core.Analysis;
using CanaryFunctions.Core.Notifying;
using CanaryFunctions.Core.Routing;
using CanaryFunctions.Providers.Metrics.Prometheus;
using CanaryFunctions.Providers.Notifiers.Slack;
using CanaryFunctions.Providers.Notifiers.Teams;
using CanaryFunctions.Providers.Routers.Gloo;
using CanaryFunctions.Providers.Routers.Skipper;
using CanaryFunctions.Providers.Routers.Smi;
using CanaryFunctions.Providers.Routers.Traefik;
using Microsoft.Extensions.DependencyInjection;

namespace CanaryFunctions.Providers;

/// <summary>All providers: one list a port, sorted by name (a test checks the order). A new provider is one line here.</summary>
public static class ProviderRegistration
{
    /// <summary>Every provider and the catalogs to find them in. Needs <see cref="Core.Ports.IHttpCaller"/> and logging.</summary>
    public static IServiceCollection AddProviders(this IServiceCollection services) => services
        .AddRouters()
        .AddMetricProviders()
        .AddNotifiers()
        .AddSingleton<Catalog<ITrafficRouter>>()
        .AddSingleton<Catalog<IBuiltInChecks>>()
        .AddSingleton<Catalog<IMetricProvider>>()
        .AddSingleton<Catalog<INotifier>>();

    public static IServiceCollection AddRouters(this IServiceCollection services) => services
        .AddRouter<GlooRouter, GlooChecks>()
        .AddSmi(SmiProvider.Meshes)
        .AddRouter<SkipperRouter, SkipperChecks>()
        .AddSmi(SmiProvider.Spellings)
        .AddRouter<TraefikRouter, TraefikChecks>()
        .AddSingleton<ISpecRule, GlooRule>()
        .AddSingleton<ISpecRule, SkipperRule>();

    public static IServiceCollection AddMetricProviders(this IServiceCollection services) => services
        .AddSingleton<IMetricProvider, PrometheusMetricProvider>()
        .AddSingleton<IMetricRule, PrometheusRule>();

    public static IServiceCollection AddNotifiers(this IServiceCollection services) => services
        .AddSingleton<INotifier, TeamsNotifier>()
        .AddSingleton<INotifier, SlackNotifier>();

    /// <summary>A router and the checks of its name.</summary>
    private static IServiceCollection AddRouter<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TRouter,
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TChecks>(this IServiceCollection services)
        where TRouter : class, ITrafficRouter
        where TChecks : class, IBuiltInChecks
        => services.AddSingleton<ITrafficRouter, TRouter>().AddSingleton<IBuiltInChecks, TChecks>();

    /// <summary>One router a spelling, with its checks and rules: providers are found by exact name.</summary>
    private static IServiceCollection AddSmi(this IServiceCollection services, IEnumerable<SmiProvider> providers)
    {
        foreach (var provider in providers)
        {
            services.AddSingleton(provider.Router()).AddSingleton(provider.Checks());
            foreach (var rule in provider.Rules())
            {
                services.AddSingleton(rule);
            }
        }

        return services;
    }
}
