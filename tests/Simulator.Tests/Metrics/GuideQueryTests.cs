using CanaryFunctions.Simulator.Metrics.PromQl;

namespace CanaryFunctions.Simulator.Tests.Metrics;

/// <summary>The metric templates of the guides, rendered for podinfo in namespace test: the literal ones, and corrected ones.</summary>
public sealed class GuideQueryTests
{
    private const string Route = "route=\"kube_test__podinfo_canary__app_example_com____podinfo_canary\"";
    private const string Pods = "kubernetes_namespace=\"test\",kubernetes_pod_name=\"podinfo-6c5b8d7f9-abcde\"";

    private const string GlooSelector = """
        http_request_duration_seconds_count{
                      kubernetes_namespace="test",
                      kubernetes_pod_name=~"podinfo-[0-9a-zA-Z]+(-[0-9a-zA-Z]+)"{0}
                    }[1m]
        """;

    private static TestSeries Latency => new TestSeries()
        .Counter($"skipper_serve_route_duration_seconds_bucket{{{Route},le=\"0.5\"}}", 98)
        .Counter($"skipper_serve_route_duration_seconds_bucket{{{Route},le=\"1\"}}", 100)
        .Counter($"skipper_serve_route_duration_seconds_bucket{{{Route},le=\"+Inf\"}}", 100);

    private static string SkipperQuery(string extra) => $$"""
        histogram_quantile(0.99,
          sum(
            rate(
              skipper_serve_route_duration_seconds_bucket{
                route=~"kube(ew)?_test__podinfo_canary__.*__podinfo_canary(_[0-9]+)?"{{extra}}
              }[1m]
            )
          ) by (le)
        )
        """;

    private static string GlooQuery(string extra) =>
        $"100 - sum(\n    rate(\n        {GlooSelector.Replace("{0}", extra, StringComparison.Ordinal)}\n    )\n)\n/\nsum(\n    rate(\n        {GlooSelector.Replace("{0}", "", StringComparison.Ordinal)}\n    )\n) * 100\n";

    [Fact]
    public void SkipperLatency_AsPrinted_KeepsOnlyTheInfBucket_AndIsNaN() => Latency.Value(SkipperQuery(",\n le=\"+Inf\"")).ShouldBe(double.NaN);

    [Fact]
    public void SkipperLatency_Corrected_IsTheQuantile() => Latency.Value(SkipperQuery("")).ShouldBe(0.75, 1e-9);

    [Fact]
    public void GlooNotFound_AsPrinted_IsAParseError_AtTheLabelBehindTheMissingComma() =>
        Should.Throw<PromQlParseException>(() => Latency.Query(GlooQuery("\n              status!=\"1m\"")))
            .Message.ShouldBe("6:15: parse error: unexpected identifier \"status\" in label matching, expected \",\" or \"}\"");

    [Fact]
    public void GlooNotFound_Corrected_IsThePercentage() =>
        new TestSeries().Counter($"http_request_duration_seconds_count{{{Pods},status=\"200\"}}", 3).Counter($"http_request_duration_seconds_count{{{Pods},status=\"404\"}}", 1)
            .Value(GlooQuery(", status!=\"404\"")).ShouldBe(25, 1e-9);

    [Theory]
    [InlineData("", 75)]
    [InlineData("100 - ", 25)]
    public void TraefikNotFound_AsPrintedAndCorrected_IsAPercentage(string prefix, double expected)
    {
        const string Selector = "traefik_service_request_duration_seconds_bucket{\n service=~\"test-podinfo-canary-[0-9a-zA-Z-]+@kubernetescrd\",\n";
        const string Service = "traefik_service_request_duration_seconds_bucket{service=\"test-podinfo-canary-80@kubernetescrd\",le=\"+Inf\"";
        new TestSeries().Counter($"{Service},code=\"200\"}}", 30).Counter($"{Service},code=\"404\"}}", 10)
            .Value($"{prefix}sum(\n rate(\n {Selector} code!=\"404\",\n }}[1m]\n )\n)\n/\nsum(\n rate(\n {Selector} }}[1m]\n )\n) * 100\n")
            .ShouldBe(expected, 1e-9);
    }
}
