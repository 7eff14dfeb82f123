using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.TestKit;

namespace CanaryFunctions.Platform.Tests.Kubernetes;

public class DiscoveryTests
{
    private const string Aggregated = """
        {"kind":"APIGroupDiscoveryList","items":[
          {"metadata":{"name":"autoscaling"},"versions":[
            {"version":"v2","freshness":"Current","resources":[{"resource":"horizontalpodautoscalers","scope":"Namespaced","responseKind":{"kind":"HorizontalPodAutoscaler"}}]},
            {"version":"v1","freshness":"Current","resources":[{"resource":"horizontalpodautoscalers","scope":"Namespaced","responseKind":{"kind":"HorizontalPodAutoscaler"}}]}]},
          {"metadata":{"name":"metrics.k8s.io"},"versions":[{"version":"v1","freshness":"Stale"}]}]}
        """;

    private const string CoreAggregated = """
        {"kind":"APIGroupDiscoveryList","items":[{"metadata":{},"versions":[{"version":"v1","resources":[
          {"resource":"namespaces","scope":"Cluster","responseKind":{"kind":"Namespace"}},
          {"resource":"services","scope":"Namespaced","responseKind":{"kind":"Service"}}]}]}]}
        """;

    private static ApiStub AggregatedStub() => new(asked => ApiStub.Json(asked.Path == "/api" ? CoreAggregated : Aggregated));

    [Fact]
    public async Task Discover_Aggregated_GivesTheFirstVersion()
    {
        using var stub = AggregatedStub();
        using var client = stub.Client();

        (await client.DiscoverAsync("autoscaling", "HorizontalPodAutoscaler", default))
            .ShouldBe(new ResourceKind("autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers"));
        (await client.DiscoverAsync("", "Namespace", default)).ShouldBe(Kinds.Namespace);
        stub.Lines.ShouldBe(["GET /api", "GET /apis"]);
    }

    [Fact]
    public async Task Discover_OldServer_AsksEachGroupAndPrefersItsVersion()
    {
        using var stub = new ApiStub(asked => asked.Path switch
        {
            "/api" => ApiStub.Json("""{"kind":"APIVersions","versions":["v1"]}"""),
            "/api/v1" => ApiStub.Json("""{"resources":[{"name":"services","kind":"Service","namespaced":true},{"name":"services/status","kind":"Service","namespaced":true}]}"""),
            "/apis" => ApiStub.Json("""
                {"kind":"APIGroupList","groups":[{"name":"autoscaling","versions":[{"version":"v1"},{"version":"v2beta2"}],"preferredVersion":{"version":"v2beta2"}}]}
                """),
            "/apis/autoscaling/v1" or "/apis/autoscaling/v2beta2" => ApiStub.Json(
                """{"resources":[{"name":"horizontalpodautoscalers/status","kind":"X"},{"name":"horizontalpodautoscalers","kind":"HorizontalPodAutoscaler","namespaced":true}]}"""),
            _ => ApiStub.Json("no", 404),
        });
        using var client = stub.Client();

        (await client.DiscoverAsync("autoscaling", "HorizontalPodAutoscaler", default))!.Version.ShouldBe("v2beta2");
        (await client.DiscoverAsync("", "Service", default)).ShouldBe(Kinds.Service);
    }

    [Fact]
    public async Task Discover_AskedAgain_IsCachedForAMinute()
    {
        var clock = new FakeClock();
        using var stub = AggregatedStub();
        using var client = stub.Client(clock);

        await client.DiscoverAsync("", "Service", default);
        clock.Advance(TimeSpan.FromSeconds(59));
        await client.DiscoverAsync("", "Service", default);
        stub.Requests.Count.ShouldBe(2);

        clock.Advance(TimeSpan.FromSeconds(1));
        await client.DiscoverAsync("", "Service", default);
        stub.Requests.Count.ShouldBe(4);
    }

    [Fact]
    public async Task Discover_NotServed_IsNullAndBelievedForTenSeconds()
    {
        var clock = new FakeClock();
        using var stub = AggregatedStub();
        using var client = stub.Client(clock);

        (await client.DiscoverAsync("keda.sh", "ScaledObject", default)).ShouldBeNull();
        clock.Advance(TimeSpan.FromSeconds(9));
        (await client.DiscoverAsync("keda.sh", "ScaledObject", default)).ShouldBeNull();
        stub.Requests.Count.ShouldBe(2);

        clock.Advance(TimeSpan.FromSeconds(1));
        await client.DiscoverAsync("keda.sh", "ScaledObject", default);
        stub.Requests.Count.ShouldBe(4);
    }

    [Fact]
    public async Task Discover_GroupsServerIsAway_IsAnErrorAndNotAbsence()
    {
        using var stub = AggregatedStub();
        using var client = stub.Client();

        var error = await Should.ThrowAsync<ClusterException>(() => client.DiscoverAsync("metrics.k8s.io", "PodMetrics", default));

        error.IsTransient.ShouldBeTrue();
        error.Message.ShouldContain("metrics.k8s.io");
    }

    [Fact]
    public async Task ServedKinds_IsASnapshotForPureCode()
    {
        using var stub = AggregatedStub();
        using var client = stub.Client();

        var served = await client.ServedKindsAsync(default);

        served.Find("", "Service").ShouldBe(Kinds.Service);
        served.Find("", "Nothing").ShouldBeNull();
    }

    [Fact]
    public async Task ServedKinds_FindAll_GivesEveryVersionThePreferredFirst()
    {
        using var stub = AggregatedStub();
        using var client = stub.Client();

        var served = await client.ServedKindsAsync(default);

        served.FindAll("autoscaling", "HorizontalPodAutoscaler").Select(k => k.Version).ShouldBe(["v2", "v1"]);
        served.FindAll("autoscaling", "Nothing").ShouldBeEmpty();
        Should.Throw<ClusterException>(() => served.FindAll("metrics.k8s.io", "PodMetrics")).IsTransient.ShouldBeTrue();
    }
}
