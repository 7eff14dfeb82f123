using CanaryFunctions.Core.Analysis;

namespace CanaryFunctions.Providers.Routers.Gloo;

/// <summary>
/// Success rate and P99 of Envoy's cluster for the canary's Upstream (contracts/routing-metrics.md 2.3), which Gloo names <c>{upstream}_{namespace}</c>.
/// The Upstream has the apex service's name, not the target's: with the target's, a <c>service.name</c> of its own would find no values.
/// </summary>
internal sealed class GlooChecks : IBuiltInChecks
{
    private const string Cluster = """envoy_cluster_name=~"{{ namespace }}-{{ service }}-canaryupstream-[0-9a-zA-Z-]+_[0-9a-zA-Z-]+",""";
    private const string Interval = "{{ interval }}";

    public string Name => GlooRouter.RouterName;

    public string SuccessRateQuery => $$"""
        sum( rate( envoy_cluster_upstream_rq{ {{Cluster}} envoy_response_code!~"5.*" }[{{Interval}}] ) )
        /
        sum( rate( envoy_cluster_upstream_rq{ {{Cluster}} }[{{Interval}}] ) ) * 100
        """;

    public string DurationQuery => $$"""
        histogram_quantile( 0.99, sum( rate( envoy_cluster_upstream_rq_time_bucket{ {{Cluster}} }[{{Interval}}] ) ) by (le) )
        """;

    public TimeSpan DurationUnit => TimeSpan.FromMilliseconds(1);

    public bool EncodesNames => false;
}
