using CanaryFunctions.Core.Analysis;

namespace CanaryFunctions.Providers.Routers.Skipper;

/// <summary>
/// Success rate and mean duration of the clone's routes to the canary service (contracts/routing-metrics.md 2.3). Skipper names a route
/// <c>kube_{namespace}__{ingress}__{host}__{path}__{service}</c>, with <c>_</c> for every character that is not a word character.
/// </summary>
internal sealed class SkipperChecks : IBuiltInChecks
{
    private const string Route =
        """{{- $route := printf "kube(ew)?_%s__%s_canary__.*__%s_canary(_[0-9]+)?" namespace ingress service }}""";

    public string Name => SkipperRouter.RouterName;

    public string SuccessRateQuery => Route + """

        sum(rate(skipper_response_duration_seconds_bucket{route=~"{{ $route }}",code!~"5..",le="+Inf"}[{{ interval }}]))
        /
        sum(rate(skipper_response_duration_seconds_bucket{route=~"{{ $route }}",le="+Inf"}[{{ interval }}])) * 100
        """;

    public string DurationQuery => Route + """

        sum(rate(skipper_serve_route_duration_seconds_sum{route=~"{{ $route }}"}[{{ interval }}]))
        /
        sum(rate(skipper_serve_route_duration_seconds_count{route=~"{{ $route }}"}[{{ interval }}])) * 1000
        """;

    public TimeSpan DurationUnit => TimeSpan.FromMilliseconds(1);

    public bool EncodesNames => true;
}
