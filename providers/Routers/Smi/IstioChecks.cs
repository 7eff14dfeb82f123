using CanaryFunctions.Core.Analysis;

namespace CanaryFunctions.Providers.Routers.Smi;

/// <summary>
/// Success rate and P99 as the sidecars of the canary's pods measure them (contracts/routing-metrics.md 2.3).
/// The workload is the target, whatever its services are called.
/// </summary>
internal sealed class IstioChecks(string name) : IBuiltInChecks
{
    private const string Workload = """reporter="destination", destination_workload_namespace="{{ namespace }}", destination_workload=~"{{ target }}" """;
    private const string Good = """reporter="destination", destination_workload_namespace="{{ namespace }}", destination_workload=~"{{ target }}", response_code!~"5.*" """;
    private const string Interval = "{{ interval }}";

    public string Name => name;

    public string SuccessRateQuery => $$"""
        sum( rate( istio_requests_total{ {{Good}}}[{{Interval}}] ) )
        /
        sum( rate( istio_requests_total{ {{Workload}}}[{{Interval}}] ) ) * 100
        """;

    public string DurationQuery => $$"""
        histogram_quantile( 0.99, sum( rate( istio_request_duration_milliseconds_bucket{ {{Workload}}}[{{Interval}}] ) ) by (le) )
        """;

    public TimeSpan DurationUnit => TimeSpan.FromMilliseconds(1);

    public bool EncodesNames => false;
}
