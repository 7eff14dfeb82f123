using CanaryFunctions.Core.Analysis.Templates;
using CanaryFunctions.Providers.Routers.Gloo;

namespace CanaryFunctions.Providers.Tests.Routers;

public sealed class GlooChecksTests
{
    private const string Cluster = "envoy_cluster_name=~\"team-a-frontend-canaryupstream-[0-9a-zA-Z-]+_[0-9a-zA-Z-]+\",";

    // The service's name is not the target's: the Upstream has the service's.
    private static readonly QueryVariables Values = new()
    {
        Name = "podinfo",
        Namespace = "team-a",
        Target = "podinfo",
        Service = "frontend",
        Ingress = "podinfo",
        Route = "podinfo",
        Interval = "30s",
    };

    [Fact]
    public void SuccessRateQuery_ServiceOfAnotherName_IsTheContractsWithThatName()
        => Rendered(new GlooChecks().SuccessRateQuery).ShouldBe(
            $$"""sum( rate( envoy_cluster_upstream_rq{ {{Cluster}} envoy_response_code!~"5.*" }[30s] ) ) / sum( rate( envoy_cluster_upstream_rq{ {{Cluster}} }[30s] ) ) * 100""");

    [Fact]
    public void DurationQuery_ServiceOfAnotherName_IsTheContractsInMilliseconds()
    {
        var checks = new GlooChecks();

        Rendered(checks.DurationQuery).ShouldBe(
            $$"""histogram_quantile( 0.99, sum( rate( envoy_cluster_upstream_rq_time_bucket{ {{Cluster}} }[30s] ) ) by (le) )""");
        checks.DurationUnit.ShouldBe(TimeSpan.FromMilliseconds(1));
        checks.EncodesNames.ShouldBeFalse();
    }

    private static string Rendered(string template)
        => string.Join(' ', QueryTemplate.Render(template, Values).Text.ShouldNotBeNull().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
