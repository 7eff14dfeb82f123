using CanaryFunctions.Core.Analysis.Templates;
using CanaryFunctions.Providers.Routers.Traefik;

namespace CanaryFunctions.Providers.Tests.Routers;

public sealed class TraefikChecksTests
{
    private static readonly QueryVariables Guide = new()
    {
        Name = "podinfo",
        Namespace = "test",
        Target = "podinfo",
        Service = "podinfo",
        Ingress = "podinfo",
        Route = "podinfo",
        Interval = "1m",
    };

    [Fact]
    public void SuccessRateQuery_OfTheGuidesCanary_IsTheContracts()
        => Rendered(new TraefikChecks().SuccessRateQuery, Guide).ShouldBe(
            "sum( rate( traefik_service_request_duration_seconds_bucket{ service=~\"test-podinfo-canary-[0-9a-zA-Z-]+@kubernetescrd\", code!~\"5..\", le=\"+Inf\" }[1m] ) ) / "
            + "sum( rate( traefik_service_request_duration_seconds_bucket{ service=~\"test-podinfo-canary-[0-9a-zA-Z-]+@kubernetescrd\", le=\"+Inf\" }[1m] ) ) * 100");

    [Fact]
    public void DurationQuery_OfTheGuidesCanary_IsTheContractsInMilliseconds()
    {
        var checks = new TraefikChecks();
        Rendered(checks.DurationQuery, Guide).ShouldBe(
            "histogram_quantile( 0.99, sum( rate( traefik_service_request_duration_seconds_bucket{ "
            + "service=~\"test-podinfo-canary-[0-9a-zA-Z-]+@kubernetescrd\" }[1m] ) ) by (le) ) * 1000");
        checks.DurationUnit.ShouldBe(TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public void Queries_WithAServiceNameOfItsOwn_NameTheGeneratedService_AsItIsWritten()
    {
        var checks = new TraefikChecks();
        var values = Guide with { Namespace = "team-a", Service = "front-end" };

        checks.EncodesNames.ShouldBeFalse();
        foreach (var query in (string[])[checks.SuccessRateQuery, checks.DurationQuery])
        {
            Rendered(query, values).ShouldContain("service=~\"team-a-front-end-canary-[0-9a-zA-Z-]+@kubernetescrd\"");
            Rendered(query, values).ShouldNotContain("podinfo");
        }
    }

    private static string Rendered(string template, QueryVariables values)
        => string.Join(' ', QueryTemplate.Render(template, values).Text.ShouldNotBeNull().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
