using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Simulator.Workloads;

namespace CanaryFunctions.Simulator.Tests.Workloads;

public sealed class DeploymentTests
{
    [Fact]
    public async Task Deployment_Created_GetsReplicaSetAndReadyPods()
    {
        await using var world = await TestCluster.StartAsync();
        await world.ApplyAsync(Manifests.Podinfo("podinfo", "6.0.0", 2));

        var deployment = await world.WaitRolledOutAsync("podinfo");

        deployment.Annotation("deployment.kubernetes.io/revision").ShouldBe("1");
        StatusConditions.Find(deployment, "Available").Text("reason").ShouldBe("MinimumReplicasAvailable");
        var pods = await world.PodsAsync("podinfo");
        pods.Count.ShouldBe(2);
        foreach (var pod in pods)
        {
            pod.Name().ShouldMatch("^podinfo-[b-z2-9]{10}-[b-z2-9]{5}$");
            pod.Text("spec", "nodeName").ShouldBe("embedded");
            pod.Text("status", "phase").ShouldBe("Running");
            pod.Text("status", "podIP")!.ShouldStartWith("10.244.");
        }
    }

    [Fact]
    public async Task Deployment_NewTemplate_EndsOnTheNewReplicaSet_AndKeepsTheOldOneEmpty()
    {
        await using var world = await TestCluster.StartAsync();
        await world.ApplyAsync(Manifests.Podinfo("podinfo", "6.0.0", 2));
        await world.WaitRolledOutAsync("podinfo");

        await world.SetImageAsync("podinfo", "podinfo:6.0.1");
        var deployment = await world.WaitRolledOutAsync("podinfo");

        deployment.Annotation("deployment.kubernetes.io/revision").ShouldBe("2");
        var sets = (await world.Client.ListAsync(WorkloadKinds.ReplicaSet, "test", new ListOptions(), world.Token)).Items;
        sets.Select(s => (s.Annotation("deployment.kubernetes.io/revision"), s.Integer("spec", "replicas"))).ShouldBe([("1", 0), ("2", 2)], ignoreOrder: true);
    }

    [Fact]
    public async Task Deployment_OldTemplateAgain_ReusesItsReplicaSetUnderANewRevision()
    {
        await using var world = await TestCluster.StartAsync();
        await world.ApplyAsync(Manifests.Podinfo("podinfo", "6.0.0", 1));
        await world.WaitRolledOutAsync("podinfo");
        await world.SetImageAsync("podinfo", "podinfo:6.0.1");
        await world.WaitRolledOutAsync("podinfo");
        await world.ApplyAsync(Manifests.Podinfo("podinfo", "6.0.0", 1));

        await world.WaitAsync(Kinds.Deployment, "podinfo", d => d.Annotation("deployment.kubernetes.io/revision") == "3");

        (await world.Client.ListAsync(WorkloadKinds.ReplicaSet, "test", new ListOptions(), world.Token)).Items.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Deployment_Recreate_NeverRunsOldAndNewPodsTogether()
    {
        await using var world = await TestCluster.StartAsync();
        await world.ApplyAsync(Manifests.Podinfo("podinfo", "6.0.0", 2, "Recreate"));
        await world.WaitRolledOutAsync("podinfo");
        var together = 0;
        var running = new HashSet<(string Pod, string Image)>();
        world.Cluster.Cache.For(WorkloadKinds.Pod).Changed += (key, before, after) =>
        {
            running.Remove((key.Name, ImageOf(before)));
            if (after is not null)
            {
                running.Add((key.Name, ImageOf(after)));
            }

            together += running.Select(r => r.Image).Where(i => i.Length > 0).Distinct().Count() > 1 ? 1 : 0;
        };

        await world.SetImageAsync("podinfo", "podinfo:6.0.1");
        await world.WaitRolledOutAsync("podinfo");

        together.ShouldBe(0);
        running.Select(r => r.Image).Distinct().ShouldBe(["podinfo:6.0.1"]);
    }

    [Fact]
    public async Task Deployment_BrokenImage_KeepsOldPods_AndReportsTheDeadline()
    {
        await using var world = await TestCluster.StartAsync();
        await world.ApplyAsync(Manifests.Podinfo("podinfo", "6.0.0", 2));
        await world.WaitRolledOutAsync("podinfo");

        await world.SetImageAsync("podinfo", "podinfo:6.0.1-broken");
        var deployment = await world.WaitAsync(
            Kinds.Deployment, "podinfo", d => StatusConditions.Find(d, "Progressing").Text("reason") == "ProgressDeadlineExceeded");

        deployment.Integer("status", "availableReplicas").ShouldBe(2);
        var broken = (await world.PodsAsync("podinfo")).Single(p => ImageOf(p).EndsWith("broken", StringComparison.Ordinal));
        broken.ListAt("status", "containerStatuses").Single().Text("state", "waiting", "reason").ShouldBe("ImagePullBackOff");
        StatusConditions.IsTrue(broken, "Ready").ShouldBeFalse();
    }

    [Fact]
    public async Task Deployment_ScaledToZero_LosesItsPodsAndEndpoints()
    {
        await using var world = await TestCluster.StartAsync();
        await world.ApplyAsync(Manifests.Podinfo("podinfo", "6.0.0", 2));
        await world.ApplyAsync(Manifests.Service("podinfo", "podinfo"));
        await world.WaitEndpointsAsync("podinfo", 2);

        await world.ScaleAsync("podinfo", 0);
        await world.WaitEndpointsAsync("podinfo", 0);
        await world.WaitAsync(Kinds.Deployment, "podinfo", d => d.Number("status", "observedGeneration") >= d.Generation() && d.Integer("status", "replicas") is null);

        foreach (var pod in await world.PodsAsync("podinfo"))
        {
            pod.IsBeingDeleted().ShouldBeTrue();
        }
    }

    [Fact]
    public async Task Deployment_Deleted_TakesItsReplicaSetsAndPodsAlong()
    {
        await using var world = await TestCluster.StartAsync();
        await world.ApplyAsync(Manifests.Podinfo("podinfo", "6.0.0", 1));
        await world.WaitRolledOutAsync("podinfo");

        await world.Client.DeleteAsync(new ObjectRef(Kinds.Deployment, "test", "podinfo"), new DeleteOptions(), world.Token);

        await world.WaitPodsGoneAsync("podinfo");
        (await world.Client.ListAsync(WorkloadKinds.ReplicaSet, "test", new ListOptions(), world.Token)).Items.ShouldBeEmpty();
    }

    private static string ImageOf(JsonObject? pod) => pod.ListAt("spec", "containers").FirstOrDefault().Text("image") ?? "";
}
