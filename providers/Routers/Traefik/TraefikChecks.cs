using CanaryFunctions.Core.Analysis;

namespace CanaryFunctions.Providers.Routers.Traefik;

/// <summary>
/// Success rate and P99 of the canary Service (contracts/routing-metrics.md 2.3). Traefik names a Service's series
/// <c>{namespace}-{service}-{port}@kubernetescrd</c>. The Service has the apex service's name, not the target's: with the target's, a <c>service.name</c>
/// of its own would find no values.
/// </summary>
internal sealed class TraefikChecks : IBuiltInChecks
{
    private const string Bucket = "traefik_service_request_duration_seconds_bucket";
    private const string Service = "service=~\"{{ namespace }}-{{ service }}-canary-[0-9a-zA-Z-]+@kubernetescrd\"";
    private const string Interval = "{{ interval }}";

    public string Name => TraefikRouter.RouterName;

    public string SuccessRateQuery => $$"""
        sum( rate( {{Bucket}}{ {{Service}}, code!~"5..", le="+Inf" }[{{Interval}}] ) )
        /
        sum( rate( {{Bucket}}{ {{Service}}, le="+Inf" }[{{Interval}}] ) ) * 100
        """;

    // Traefik's buckets are in seconds.
    public string DurationQuery => $$"""
        histogram_quantile( 0.99, sum( rate( {{Bucket}}{ {{Service}} }[{{Interval}}] ) ) by (le) ) * 1000
        """;

    public TimeSpan DurationUnit => TimeSpan.FromMilliseconds(1);

    public bool EncodesNames => false;
}
