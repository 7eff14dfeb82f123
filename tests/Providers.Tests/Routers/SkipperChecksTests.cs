using CanaryFunctions.Core.Analysis.Templates;
using CanaryFunctions.Providers.Routers.Skipper;

namespace CanaryFunctions.Providers.Tests.Routers;

public sealed class SkipperChecksTests
{
    private static readonly QueryVariables Values = new()
    {
        Name = "podinfo",
        Namespace = "team-a",
        Target = "podinfo",
        Service = "pod-info",
        Ingress = "app.ingress",
        Route = "podinfo",
        Interval = "1m",
    };

    [Fact]
    public void SuccessRateQuery_EncodedNames_IsTheContracts()
        => Rendered(new SkipperChecks().SuccessRateQuery).ShouldBe(
            "sum(rate(skipper_response_duration_seconds_bucket{route=~\"kube(ew)?_team_a__app_ingress_canary__.*__pod_info_canary(_[0-9]+)?\",code!~\"5..\",le=\"+Inf\"}[1m])) / "
            + "sum(rate(skipper_response_duration_seconds_bucket{route=~\"kube(ew)?_team_a__app_ingress_canary__.*__pod_info_canary(_[0-9]+)?\",le=\"+Inf\"}[1m])) * 100");

    [Fact]
    public void DurationQuery_EncodedNames_IsTheContracts()
    {
        var checks = new SkipperChecks();
        Rendered(checks.DurationQuery).ShouldBe(
            "sum(rate(skipper_serve_route_duration_seconds_sum{route=~\"kube(ew)?_team_a__app_ingress_canary__.*__pod_info_canary(_[0-9]+)?\"}[1m])) / "
            + "sum(rate(skipper_serve_route_duration_seconds_count{route=~\"kube(ew)?_team_a__app_ingress_canary__.*__pod_info_canary(_[0-9]+)?\"}[1m])) * 1000");
        checks.DurationUnit.ShouldBe(TimeSpan.FromMilliseconds(1));
        checks.EncodesNames.ShouldBeTrue();
    }

    private static string Rendered(string template)
        => string.Join(' ', QueryTemplate.Render(template, Values.Encoded()).Text.ShouldNotBeNull().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
