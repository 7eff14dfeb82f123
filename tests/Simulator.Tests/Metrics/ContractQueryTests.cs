namespace CanaryFunctions.Simulator.Tests.Metrics;

/// <summary>
/// The built-in checks of every provider, as they are sent (contract routing-metrics, section 2.3), for podinfo in namespace test with
/// interval 1m. Each is fed with the canary's series and with others that it must not count.
/// </summary>
public sealed class ContractQueryTests
{
    private const string Gloo = "envoy_cluster_name=\"test-podinfo-canaryupstream-80_test\"";
    private const string Linkerd = "namespace=\"test\",deployment=\"podinfo\",direction=\"inbound\"";
    private const string Istio = "reporter=\"destination\",destination_workload_namespace=\"test\",destination_workload=\"podinfo\"";
    private const string Traefik = "service=\"test-podinfo-canary-80@kubernetescrd\"";
    private const string Skipper = "route=\"kube_test__podinfo_canary__app_example_com____podinfo_canary\"";
    private const string Nginx = "namespace=\"test\",ingress=\"podinfo\",canary=\"podinfo-canary\"";
    private const string Contour = "envoy_cluster_name=\"test_podinfo-canary_80\"";
    private const string Kuma = "service=\"podinfo-canary_test_svc_80\"";
    private const string Pod = "kubernetes_namespace=\"test\",kubernetes_pod_name=\"podinfo-6c5b8d7f9-abcde\"";
    private const string Apisix = "route=\"test_podinfo-podinfo-canary_0\"";
    private const string Osm = "destination_namespace=\"test\",destination_kind=\"Deployment\",destination_name=\"podinfo\"";
    private const string Knative = "envoy_cluster_name=\"test/podinfo-00002\"";

    /// <summary>Provider, query, metric, the canary's labels, labels that are not the canary's, the label with the status.</summary>
    public static TheoryData<string, string, string, string, string, string> SuccessRates => new()
    {
        { "skipper", "sum(rate(skipper_response_duration_seconds_bucket{route=~\"kube(ew)?_test__podinfo_canary__.*__podinfo_canary(_[0-9]+)?\",code!~\"5..\",le=\"+Inf\"}[1m])) / sum(rate(skipper_response_duration_seconds_bucket{route=~\"kube(ew)?_test__podinfo_canary__.*__podinfo_canary(_[0-9]+)?\",le=\"+Inf\"}[1m])) * 100", "skipper_response_duration_seconds_bucket", Skipper + ",le=\"+Inf\"", "route=\"kube_test__podinfo__app_example_com____podinfo\",le=\"+Inf\"", "code" },
        { "gloo", "sum( rate( envoy_cluster_upstream_rq{ envoy_cluster_name=~\"test-podinfo-canaryupstream-[0-9a-zA-Z-]+_[0-9a-zA-Z-]+\", envoy_response_code!~\"5.*\" }[1m] ) ) / sum( rate( envoy_cluster_upstream_rq{ envoy_cluster_name=~\"test-podinfo-canaryupstream-[0-9a-zA-Z-]+_[0-9a-zA-Z-]+\", }[1m] ) ) * 100", "envoy_cluster_upstream_rq", Gloo, "envoy_cluster_name=\"test-podinfo-primaryupstream-80_test\"", "envoy_response_code" },
        { "istio", "sum( rate( istio_requests_total{ reporter=\"destination\", destination_workload_namespace=\"test\", destination_workload=~\"podinfo\", response_code!~\"5.*\" }[1m] ) ) / sum( rate( istio_requests_total{ reporter=\"destination\", destination_workload_namespace=\"test\", destination_workload=~\"podinfo\" }[1m] ) ) * 100", "istio_requests_total", Istio, "reporter=\"destination\",destination_workload_namespace=\"test\",destination_workload=\"podinfo-primary\"", "response_code" },
        { "traefik", "sum( rate( traefik_service_request_duration_seconds_bucket{ service=~\"test-podinfo-canary-[0-9a-zA-Z-]+@kubernetescrd\", code!~\"5..\", le=\"+Inf\" }[1m] ) ) / sum( rate( traefik_service_request_duration_seconds_bucket{ service=~\"test-podinfo-canary-[0-9a-zA-Z-]+@kubernetescrd\", le=\"+Inf\" }[1m] ) ) * 100", "traefik_service_request_duration_seconds_bucket", Traefik + ",le=\"+Inf\"", "service=\"test-podinfo-primary-80@kubernetescrd\",le=\"+Inf\"", "code" },
        { "nginx", "sum( rate( nginx_ingress_controller_requests{ namespace=\"test\", ingress=\"podinfo\", canary!=\"\", status!~\"5.*\" }[1m] ) ) / sum( rate( nginx_ingress_controller_requests{ namespace=\"test\", ingress=\"podinfo\", canary!=\"\" }[1m] ) ) * 100", "nginx_ingress_controller_requests", Nginx, "namespace=\"test\",ingress=\"podinfo\"", "status" },
        { "contour", "sum( rate( envoy_cluster_upstream_rq{ envoy_cluster_name=~\"test_podinfo-canary_[0-9a-zA-Z-]+\", envoy_response_code!~\"5.*\" }[1m] ) ) / sum( rate( envoy_cluster_upstream_rq{ envoy_cluster_name=~\"test_podinfo-canary_[0-9a-zA-Z-]+\", }[1m] ) ) * 100", "envoy_cluster_upstream_rq", Contour, "envoy_cluster_name=\"test_podinfo-primary_80\"", "envoy_response_code" },
        { "kuma", "sum( rate( envoy_cluster_upstream_rq{ service=~\"podinfo-canary_test_svc_[0-9a-zA-Z-]+\", envoy_response_code!~\"5.*\" }[1m] ) ) / sum( rate( envoy_cluster_upstream_rq{ service=~\"podinfo-canary_test_svc_[0-9a-zA-Z-]+\", }[1m] ) ) * 100", "envoy_cluster_upstream_rq", Kuma, "service=\"podinfo-primary_test_svc_80\"", "envoy_response_code" },
        { "appmesh", "sum( rate( envoy_cluster_upstream_rq{ kubernetes_namespace=\"test\", kubernetes_pod_name=~\"podinfo-[0-9a-zA-Z]+(-[0-9a-zA-Z]+)\", envoy_response_code!~\"5.*\" }[1m] ) ) / sum( rate( envoy_cluster_upstream_rq{ kubernetes_namespace=\"test\", kubernetes_pod_name=~\"podinfo-[0-9a-zA-Z]+(-[0-9a-zA-Z]+)\" }[1m] ) ) * 100", "envoy_cluster_upstream_rq", Pod, "kubernetes_namespace=\"test\",kubernetes_pod_name=\"podinfo-primary-6c5b8d7f9-abcde\"", "envoy_response_code" },
        { "apisix", "sum( rate( apisix_http_status{ route=~\"test_podinfo-podinfo-canary_.+\", code!~\"5..\" }[1m] ) ) / sum( rate( apisix_http_status{ route=~\"test_podinfo-podinfo-canary_.+\" }[1m] ) ) * 100", "apisix_http_status", Apisix, "route=\"test_podinfo-podinfo-primary_0\"", "code" },
        { "osm", "sum( rate( osm_request_total{ destination_namespace=\"test\", destination_kind=\"Deployment\", destination_name=\"podinfo\", response_code!~\"5.*\" }[1m] ) ) / sum( rate( osm_request_total{ destination_namespace=\"test\", destination_kind=\"Deployment\", destination_name=\"podinfo\" }[1m] ) ) * 100", "osm_request_total", Osm, "destination_namespace=\"test\",destination_kind=\"Deployment\",destination_name=\"podinfo-primary\"", "response_code" },
        { "knative", "sum( rate( envoy_cluster_upstream_rq{ envoy_cluster_name=~\"test/podinfo-00002\", envoy_response_code!~\"5.*\" }[1m] ) ) / sum( rate( envoy_cluster_upstream_rq{ envoy_cluster_name=~\"test/podinfo-00002\", }[1m] ) ) * 100", "envoy_cluster_upstream_rq", Knative, "envoy_cluster_name=\"test/podinfo-00001\"", "envoy_response_code" },
        { "http", "sum( rate( http_request_duration_seconds_count{ kubernetes_namespace=\"test\", kubernetes_pod_name=~\"podinfo-[0-9a-zA-Z]+(-[0-9a-zA-Z]+)\", status!~\"5.*\" }[1m] ) ) / sum( rate( http_request_duration_seconds_count{ kubernetes_namespace=\"test\", kubernetes_pod_name=~\"podinfo-[0-9a-zA-Z]+(-[0-9a-zA-Z]+)\" }[1m] ) ) * 100", "http_request_duration_seconds_count", Pod, "kubernetes_namespace=\"test\",kubernetes_pod_name=\"podinfo-primary-6c5b8d7f9-abcde\"", "status" },
    };

    /// <summary>Provider, query, metric, labels; the canary's P99 is 450 in the unit of the buckets, times a factor.</summary>
    public static TheoryData<string, string, string, string, double> Durations => new()
    {
        { "gloo", "histogram_quantile( 0.99, sum( rate( envoy_cluster_upstream_rq_time_bucket{ envoy_cluster_name=~\"test-podinfo-canaryupstream-[0-9a-zA-Z-]+_[0-9a-zA-Z-]+\", }[1m] ) ) by (le) )", "envoy_cluster_upstream_rq_time_bucket", Gloo, 1 },
        { "linkerd", "histogram_quantile( 0.99, sum( rate( response_latency_ms_bucket{ namespace=\"test\", deployment=~\"podinfo\", direction=\"inbound\" }[1m] ) ) by (le) )", "response_latency_ms_bucket", Linkerd, 1 },
        { "istio", "histogram_quantile( 0.99, sum( rate( istio_request_duration_milliseconds_bucket{ reporter=\"destination\", destination_workload_namespace=\"test\", destination_workload=~\"podinfo\" }[1m] ) ) by (le) )", "istio_request_duration_milliseconds_bucket", Istio, 1 },
        { "traefik", "histogram_quantile( 0.99, sum( rate( traefik_service_request_duration_seconds_bucket{ service=~\"test-podinfo-canary-[0-9a-zA-Z-]+@kubernetescrd\" }[1m] ) ) by (le) ) * 1000", "traefik_service_request_duration_seconds_bucket", Traefik, 1000 },
        { "contour", "histogram_quantile( 0.99, sum( rate( envoy_cluster_upstream_rq_time_bucket{ envoy_cluster_name=~\"test_podinfo-canary_[0-9a-zA-Z-]+\", }[1m] ) ) by (le) )", "envoy_cluster_upstream_rq_time_bucket", Contour, 1 },
        { "kuma", "histogram_quantile( 0.99, sum( rate( envoy_cluster_upstream_rq_time_bucket{ service=~\"podinfo-canary_test_svc_[0-9a-zA-Z-]+\", }[1m] ) ) by (le) )", "envoy_cluster_upstream_rq_time_bucket", Kuma, 1 },
        { "appmesh", "histogram_quantile( 0.99, sum( rate( envoy_cluster_upstream_rq_time_bucket{ kubernetes_namespace=\"test\", kubernetes_pod_name=~\"podinfo-[0-9a-zA-Z]+(-[0-9a-zA-Z]+)\" }[1m] ) ) by (le) )", "envoy_cluster_upstream_rq_time_bucket", Pod, 1 },
        { "apisix", "histogram_quantile( 0.99, sum( rate( apisix_http_latency_bucket{ type=~\"request\", route=~\"test_podinfo-podinfo-canary_.+\" }[1m] ) ) by (le) )", "apisix_http_latency_bucket", Apisix + ",type=\"request\"", 1 },
        { "osm", "histogram_quantile( 0.99, sum( rate( osm_request_duration_ms_bucket{ destination_namespace=\"test\", destination_kind=\"Deployment\", destination_name=\"podinfo\" }[1m] ) ) by (le) )", "osm_request_duration_ms_bucket", Osm, 1 },
        { "knative", "histogram_quantile( 0.99, sum( rate( envoy_cluster_upstream_rq_time_bucket{ envoy_cluster_name=~\"test/podinfo-00002\", }[1m] ) ) by (le) )", "envoy_cluster_upstream_rq_time_bucket", Knative, 1 },
        { "http", "histogram_quantile( 0.99, sum( rate( http_request_duration_seconds_bucket{ kubernetes_namespace=\"test\", kubernetes_pod_name=~\"podinfo-[0-9a-zA-Z]+(-[0-9a-zA-Z]+)\" }[1m] ) ) by (le) )", "http_request_duration_seconds_bucket", Pod, 1 },
    };

    /// <summary>Provider, query, metric without suffix, labels.</summary>
    public static TheoryData<string, string, string, string> Means => new()
    {
        { "skipper", "sum(rate(skipper_serve_route_duration_seconds_sum{route=~\"kube(ew)?_test__podinfo_canary__.*__podinfo_canary(_[0-9]+)?\"}[1m])) / sum(rate(skipper_serve_route_duration_seconds_count{route=~\"kube(ew)?_test__podinfo_canary__.*__podinfo_canary(_[0-9]+)?\"}[1m])) * 1000", "skipper_serve_route_duration_seconds", Skipper },
        { "nginx", "sum( rate( nginx_ingress_controller_response_duration_seconds_sum{ namespace=\"test\", ingress=\"podinfo\", canary!=\"\" }[1m] ) ) / sum( rate( nginx_ingress_controller_response_duration_seconds_count{ namespace=\"test\", ingress=\"podinfo\", canary!=\"\" }[1m] ) ) * 1000", "nginx_ingress_controller_response_duration_seconds", Nginx },
    };

    [Theory]
    [MemberData(nameof(SuccessRates))]
    public void SuccessRate_OfACanaryWithATenthOfErrors_IsNinety(string provider, string query, string metric, string canary, string other, string status)
    {
        var series = new TestSeries()
            .Counter($"{metric}{{{canary},{status}=\"200\"}}", 17).Counter($"{metric}{{{canary},{status}=\"404\"}}", 1)
            .Counter($"{metric}{{{canary},{status}=\"500\"}}", 1.5).Counter($"{metric}{{{canary},{status}=\"503\"}}", 0.5)
            .Counter($"{metric}{{{other},{status}=\"200\"}}", 1000).Counter($"{metric}{{{other},{status}=\"500\"}}", 1000);
        series.Value(query).ShouldBe(90, 1e-9, provider);
    }

    [Fact]
    public void SuccessRate_OfLinkerd_GoesByClassification() =>
        new TestSeries()
            .Counter($"response_total{{{Linkerd},classification=\"success\"}}", 19).Counter($"response_total{{{Linkerd},classification=\"failure\"}}", 1)
            .Counter("response_total{namespace=\"test\",deployment=\"podinfo-primary\",direction=\"inbound\",classification=\"failure\"}", 100)
            .Counter("response_total{namespace=\"test\",deployment=\"podinfo\",direction=\"outbound\",classification=\"failure\"}", 100)
            .Value("sum( rate( response_total{ namespace=\"test\", deployment=~\"podinfo\", classification!=\"failure\", direction=\"inbound\" }[1m] ) ) / sum( rate( response_total{ namespace=\"test\", deployment=~\"podinfo\", direction=\"inbound\" }[1m] ) ) * 100")
            .ShouldBe(95, 1e-9);

    [Theory]
    [MemberData(nameof(SuccessRates))]
    public void SuccessRate_WithoutTraffic_HasNoValue(string provider, string query, string metric, string canary, string other, string status) =>
        new TestSeries().Counter($"{metric}{{{other},{status}=\"200\"}}", 10).Elements(query).ShouldBeEmpty($"{provider} {canary}");

    [Theory]
    [MemberData(nameof(SuccessRates))]
    public void SuccessRate_WithIdleSeries_IsNaN(string provider, string query, string metric, string canary, string other, string status) =>
        new TestSeries().Counter($"{metric}{{{canary},{status}=\"200\"}}", 0).Value(query).ShouldBe(double.NaN, $"{provider} {other}");

    [Theory]
    [MemberData(nameof(Durations))]
    public void Duration_OfACanary_IsItsNinetyNinthPercentile(string provider, string query, string metric, string labels, double factor) =>
        // 98 of 100 up to 400, two more up to 500: rank 99 lies halfway between.
        new TestSeries()
            .Counter($"{metric}{{{labels},le=\"400\"}}", 98).Counter($"{metric}{{{labels},le=\"500\"}}", 100).Counter($"{metric}{{{labels},le=\"+Inf\"}}", 100)
            .Value(query).ShouldBe(450 * factor, 1e-6, provider);

    [Theory]
    [MemberData(nameof(Means))]
    public void Duration_OfAProviderWithoutBuckets_IsTheMean(string provider, string query, string metric, string labels) =>
        new TestSeries().Counter($"{metric}_sum{{{labels}}}", 2.5).Counter($"{metric}_count{{{labels}}}", 20).Value(query).ShouldBe(125, 1e-9, provider);
}
