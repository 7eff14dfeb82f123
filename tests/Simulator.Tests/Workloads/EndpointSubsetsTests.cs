using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Simulator.Workloads;

namespace CanaryFunctions.Simulator.Tests.Workloads;

public sealed class EndpointSubsetsTests
{
    [Fact]
    public void Of_NamedTargetPort_IsLookedUpInEachPod()
    {
        var subsets = EndpointSubsets.Of(Service("http"), [Pod("a", 9898), Pod("b", 9899)]);

        subsets.Select(s => s.Ports.Single().Integer("port")).ShouldBe([9898, 9899], ignoreOrder: true);
    }

    [Fact]
    public void Of_PodThatIsNotReady_IsListedApart()
    {
        var subset = EndpointSubsets.Of(Service("http"), [Pod("a", 9898), Pod("b", 9898, ready: false)]).Single();

        subset.Ready.Single().Name().ShouldBe("a");
        subset.NotReady.Single().Name().ShouldBe("b");
    }

    [Fact]
    public void Of_PodBeingDeleted_IsInNoSubset_ThoughItIsStillReady()
    {
        var pod = Pod("a", 9898);
        pod.Metadata()["deletionTimestamp"] = "2026-01-01T00:00:00Z";

        EndpointSubsets.Of(Service("http"), [pod]).ShouldBeEmpty();
    }

    [Fact]
    public void Of_OtherLabels_IsNoEndpoint()
    {
        var pod = Pod("a", 9898);
        pod.Metadata()["labels"] = new JsonObject { ["app"] = "podinfo-primary" };

        EndpointSubsets.Of(Service("http"), [pod]).ShouldBeEmpty();
    }

    private static JsonObject Service(string targetPort)
    {
        var service = KubeObject.New(Kinds.Service, "test", "podinfo");
        service["spec"] = new JsonObject
        {
            ["selector"] = new JsonObject { ["app"] = "podinfo" },
            ["ports"] = new JsonArray(new JsonObject { ["port"] = 80, ["targetPort"] = targetPort }),
        };
        return service;
    }

    private static JsonObject Pod(string name, int port, bool ready = true)
    {
        var pod = KubeObject.New(WorkloadKinds.Pod, "test", name);
        pod.Metadata()["labels"] = new JsonObject { ["app"] = "podinfo" };
        pod["spec"] = new JsonObject
        {
            ["containers"] = new JsonArray(new JsonObject { ["ports"] = new JsonArray(new JsonObject { ["name"] = "http", ["containerPort"] = port }) }),
        };
        pod["status"] = new JsonObject
        {
            ["podIP"] = "10.244.1.1",
            ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = ready ? "True" : "False" }),
        };
        return pod;
    }
}
