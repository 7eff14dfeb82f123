using System.Text.Json.Nodes;
using CanaryFunctions.Core.Analysis.Templates;
using CanaryFunctions.Core.Canaries;

namespace CanaryFunctions.Core.Tests.Templates;

/// <summary>The templates that the guides print, as written there.</summary>
public sealed class GuideTemplateTests
{
    private static readonly QueryVariables Podinfo = new()
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
    public void Render_SkipperLatency_NamesTheCanaryRoute()
    {
        const string template = """
            histogram_quantile(0.99,
              sum(
                rate(
                  skipper_serve_route_duration_seconds_bucket{
                    route=~"{{ printf "kube(ew)?_%s__%s_canary__.*__%s_canary(_[0-9]+)?" namespace ingress service }}",
                    le="+Inf"
                  }[1m]
                )
              ) by (le)
            )
            """;

        QueryTemplate.Render(template, Podinfo).Text.ShouldNotBeNull()
            .ShouldContain("route=~\"kube(ew)?_test__podinfo_canary__.*__podinfo_canary(_[0-9]+)?\",\n");
    }

    [Fact]
    public void Render_GlooNotFoundPercentage_KeepsTheTextAsWritten()
    {
        const string template = """
            100 - sum(
                rate(
                    http_request_duration_seconds_count{
                      kubernetes_namespace="{{ namespace }}",
                      kubernetes_pod_name=~"{{ target }}-[0-9a-zA-Z]+(-[0-9a-zA-Z]+)"
                      status!="{{ interval }}"
                    }[1m]
                )
            )
            """;

        QueryTemplate.Render(template, Podinfo).Text.ShouldBe("""
            100 - sum(
                rate(
                    http_request_duration_seconds_count{
                      kubernetes_namespace="test",
                      kubernetes_pod_name=~"podinfo-[0-9a-zA-Z]+(-[0-9a-zA-Z]+)"
                      status!="1m"
                    }[1m]
                )
            )
            """);
    }

    [Fact]
    public void Render_TraefikNotFoundPercentage_NamesTheCanaryService()
    {
        const string template = """
            sum(
              rate(
                traefik_service_request_duration_seconds_bucket{
                  service=~"{{ namespace }}-{{ target }}-canary-[0-9a-zA-Z-]+@kubernetescrd",
                  code!="404",
                }[{{ interval }}]
              )
            )
            """;

        var text = QueryTemplate.Render(template, Podinfo with { Interval = "3s" }).Text.ShouldNotBeNull();
        text.ShouldContain("service=~\"test-podinfo-canary-[0-9a-zA-Z-]+@kubernetescrd\",");
        text.ShouldContain("}[3s]");
    }

    [Fact]
    public void For_CanaryWithReferences_TakesTheirNames()
    {
        var canary = CanaryOf("""
            {"metadata":{"name":"cd","namespace":"ns-1"},"spec":{"targetRef":{"name":"app"},"service":{"name":"apex.one"},
             "ingressRef":{"name":"in-gress"},"routeRef":{"name":"route-1"},
             "analysis":{"metrics":[{"name":"m","interval":"30s","templateVariables":{"a":"b"}}]}}}
            """);

        var values = QueryVariables.For(canary, canary.Spec.Analysis.Metrics[0]);

        QueryTemplate.Render("{{name}} {{namespace}} {{target}} {{service}} {{ingress}} {{route}} {{interval}} {{variables.a}}", values)
            .Text.ShouldBe("cd ns-1 app apex.one in-gress route-1 30s b");
        var encoded = values.Encoded();
        QueryTemplate.Render("{{name}} {{namespace}} {{target}} {{service}} {{ingress}} {{route}}", encoded).Text.ShouldBe("cd ns_1 app apex_one in_gress route-1");
    }

    [Fact]
    public void For_CanaryWithTargetOnly_UsesTheTargetsName()
    {
        var canary = CanaryOf("""{"metadata":{"name":"cd","namespace":"ns"},"spec":{"targetRef":{"name":"app"},"analysis":{"metrics":[{"name":"m"}]}}}""");

        var values = QueryVariables.For(canary, canary.Spec.Analysis.Metrics[0]);

        QueryTemplate.Render("{{service}} {{ingress}} {{route}} {{interval}}", values).Text.ShouldBe("app app app 1m");
    }

    [Theory]
    [InlineData("a-b.c_D9", "a_b_c_D9")]
    [InlineData("é٣", "__")]
    public void Encoded_AnythingButAsciiWordCharacters_BecomesUnderscore(string name, string expected)
        => (new QueryVariables { Ingress = name }).Encoded().Ingress.ShouldBe(expected);

    private static Canary CanaryOf(string json) => Canary.From(JsonNode.Parse(json)!.AsObject());
}
