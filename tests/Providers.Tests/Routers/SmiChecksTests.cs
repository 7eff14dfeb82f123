using CanaryFunctions.Core.Analysis.Templates;
using CanaryFunctions.Providers.Routers.Smi;

namespace CanaryFunctions.Providers.Tests.Routers;

public sealed class SmiChecksTests
{
    // The service and the Canary have other names than the target: what the series carry is the workload.
    private static readonly QueryVariables Values = new()
    {
        Name = "release",
        Namespace = "team-a",
        Target = "podinfo",
        Service = "web",
        Ingress = "podinfo",
        Route = "podinfo",
        Interval = "1m",
    };

    [Theory]
    [InlineData("linkerd")]
    [InlineData("smi:linkerd")]
    [InlineData("smi:v1alpha2:linkerd")]
    public void Checks_Linkerd_AreTheContracts(string name) => ShouldRender(
        name,
        "sum( rate( response_total{ namespace=\"team-a\", deployment=~\"podinfo\", classification!=\"failure\", direction=\"inbound\" }[1m] ) ) / "
        + "sum( rate( response_total{ namespace=\"team-a\", deployment=~\"podinfo\", direction=\"inbound\" }[1m] ) ) * 100",
        "histogram_quantile( 0.99, sum( rate( response_latency_ms_bucket{ namespace=\"team-a\", deployment=~\"podinfo\", direction=\"inbound\" }[1m] ) ) by (le) )");

    [Theory]
    [InlineData("smi")]
    [InlineData("smi:istio")]
    [InlineData("smi:v1alpha1")]
    [InlineData("smi:v1alpha3:istio")]
    public void Checks_Istio_AreTheContracts(string name) => ShouldRender(
        name,
        "sum( rate( istio_requests_total{ reporter=\"destination\", destination_workload_namespace=\"team-a\", destination_workload=~\"podinfo\", response_code!~\"5.*\" }[1m] ) ) / "
        + "sum( rate( istio_requests_total{ reporter=\"destination\", destination_workload_namespace=\"team-a\", destination_workload=~\"podinfo\" }[1m] ) ) * 100",
        "histogram_quantile( 0.99, sum( rate( istio_request_duration_milliseconds_bucket{ reporter=\"destination\", destination_workload_namespace=\"team-a\", "
        + "destination_workload=~\"podinfo\" }[1m] ) ) by (le) )");

    [Theory]
    [InlineData("osm")]
    [InlineData("smi:v1alpha2:osm")]
    public void Checks_Osm_AreTheContracts(string name) => ShouldRender(
        name,
        "sum( rate( osm_request_total{ destination_namespace=\"team-a\", destination_kind=\"Deployment\", destination_name=\"podinfo\", response_code!~\"5.*\" }[1m] ) ) / "
        + "sum( rate( osm_request_total{ destination_namespace=\"team-a\", destination_kind=\"Deployment\", destination_name=\"podinfo\" }[1m] ) ) * 100",
        "histogram_quantile( 0.99, sum( rate( osm_request_duration_ms_bucket{ destination_namespace=\"team-a\", destination_kind=\"Deployment\", destination_name=\"podinfo\" }[1m] ) ) by (le) )");

    private static void ShouldRender(string name, string successRate, string duration)
    {
        var checks = SmiProvider.Parse(name).Checks();
        checks.Name.ShouldBe(name);
        Rendered(checks.SuccessRateQuery).ShouldBe(successRate);
        Rendered(checks.DurationQuery).ShouldBe(duration);
        checks.DurationUnit.ShouldBe(TimeSpan.FromMilliseconds(1));
        checks.EncodesNames.ShouldBeFalse();
    }

    private static string Rendered(string template)
        => string.Join(' ', QueryTemplate.Render(template, Values).Text.ShouldNotBeNull().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
