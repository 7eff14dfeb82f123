using CanaryFunctions.Core.Analysis;

namespace CanaryFunctions.Providers.Routers.Linkerd;

/// <summary>
/// Success rate and P99 as the proxies of the canary's pods measure them (contracts/routing-metrics.md 2.3).
/// The deployment is the target, whatever its services are called.
/// </summary>
internal sealed class LinkerdChecks(string name) : IBuiltInChecks
{
    private const string Pods = """namespace="{{ namespace }}", deployment=~"{{ target }}", direction="inbound" """;
    private const string Good = """namespace="{{ namespace }}", deployment=~"{{ target }}", classification!="failure", direction="inbound" """;
    private const string Interval = "{{ interval }}";

    public string Name => name;

    public string SuccessRateQuery => $$"""
        sum( rate( response_total{ {{Good}}}[{{Interval}}] ) )
        /
        sum( rate( response_total{ {{Pods}}}[{{Interval}}] ) ) * 100
        """;

    public string DurationQuery => $$"""
        histogram_quantile( 0.99, sum( rate( response_latency_ms_bucket{ {{Pods}}}[{{Interval}}] ) ) by (le) )
        """;

    public TimeSpan DurationUnit => TimeSpan.FromMilliseconds(1);

    public bool EncodesNames => false;
}
