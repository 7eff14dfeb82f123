using Microsoft.Extensions.DependencyInjection;

namespace CanaryFunctions.Core.Admission;

public static class AdmissionRegistration
{
    /// <summary>The validators, the index and the policy. The catalogues of providers and <see cref="CanaryOptions"/> have to be there.</summary>
    public static IServiceCollection AddAdmission(this IServiceCollection services) => services
        .AddSingleton<AdmissionPolicy>()
        .AddSingleton<AlertProviderValidator>()
        .AddSingleton<CanaryValidator>()
        .AddSingleton<MetricTemplateValidator>()
        .AddSingleton<TargetIndex>();
}
