using CanaryFunctions.Core.Admission.Cluster;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CanaryFunctions.Core.Admission;

public static class AdmissionRegistration
{
    /// <summary>The validators, the index and the policy; once, however often it is called. The catalogues of providers and <see cref="CanaryOptions"/> have to be there.</summary>
    public static IServiceCollection AddAdmission(this IServiceCollection services)
    {
        services.TryAddSingleton<AdmissionPolicy>();
        services.TryAddSingleton<AlertProviderValidator>();
        services.TryAddSingleton<ObjectReview>();
        services.TryAddSingleton<CanaryValidator>();
        services.TryAddSingleton<ClusterRules>();
        services.TryAddSingleton<MetricTemplateValidator>();
        services.TryAddSingleton<TargetIndex>();
        return services;
    }
}
