using CanaryFunctions.Core.Analysis;

namespace CanaryFunctions.Providers.Routers.Smi;

/// <summary>Success rate and P99 of requests to the target's pods in Open Service Mesh (contracts/routing-metrics.md 2.3).</summary>
internal sealed class OsmChecks(string name) : IBuiltInChecks
{
    private const string Workload = """destination_namespace="{{ namespace }}", destination_kind="Deployment", destination_name="{{ target }}" """;
    private const string Good = """destination_namespace="{{ namespace }}", destination_kind="Deployment", destination_name="{{ target }}", response_code!~"5.*" """;
    private const string Interval = "{{ interval }}";

    public string Name => name;

    public string SuccessRateQuery => $$"""
        sum( rate( osm_request_total{ {{Good}}}[{{Interval}}] ) )
        /
        sum( rate( osm_request_total{ {{Workload}}}[{{Interval}}] ) ) * 100
        """;

    public string DurationQuery => $$"""
        histogram_quantile( 0.99, sum( rate( osm_request_duration_ms_bucket{ {{Workload}}}[{{Interval}}] ) ) by (le) )
        """;

    public TimeSpan DurationUnit => TimeSpan.FromMilliseconds(1);

    public bool EncodesNames => false;
}
