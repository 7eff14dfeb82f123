using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Engine.Workloads;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Tests.Engine;

/// <summary>Deleting a Canary puts the application back as it was, serving throughout (design rule 15).</summary>
public sealed class DeletionTests
{
    private static readonly ObjectRef Apex = new(Kinds.Service, "test", "podinfo");

    [Fact]
    public async Task TargetIsUpAndServing_BeforeThePrimaryGoes()
    {
        var world = await new World().InitializedAsync();
        var checks = 0;
        world.Cluster.AfterWrite = what =>
        {
            // Whatever the apex selects has pods, after every single write.
            if (world.Cluster.Peek(Apex).Text("spec", "selector", "app") is { } selected)
            {
                checks++;
                var serving = selected == "podinfo" ? World.TargetRef : World.PrimaryRef;
                DeploymentReadiness.ReadyPods(world.Cluster.Peek(serving)).ShouldBeGreaterThan(0, what);
            }

            return Task.CompletedTask;
        };
        Delete(world);
        await world.RunAsync();

        checks.ShouldBeGreaterThan(4);
        world.Cluster.Peek(World.CanaryRef).ShouldBeNull();
        world.Cluster.Peek(World.PrimaryRef).ShouldBeNull();
        world.Cluster.Peek(World.TargetRef).Integer("spec", "replicas").ShouldBe(2);
        world.Events.TakeLast(2).ShouldBe(["Terminating canary podinfo.test", "Terminated canary podinfo.test"]);
        world.Cluster.PeekAll(FakeRouter.Route).ShouldBeEmpty();
    }

    [Fact]
    public async Task ApexService_StaysWithTheTargetsSelector_EvenIfItWasGenerated()
    {
        var world = await new World().InitializedAsync();
        world.Canary.Owns(world.Cluster.Peek(Apex)!).ShouldBeTrue();
        Delete(world);
        await world.RunAsync();

        var apex = world.Cluster.Peek(Apex)!;
        apex.Text("spec", "selector", "app").ShouldBe("podinfo");
        apex.ListAt("metadata", "ownerReferences").ShouldBeEmpty();
        world.Cluster.Peek(new(Kinds.Service, "test", "podinfo-canary")).ShouldBeNull("the generated ones go with the Canary");
    }

    [Theory]
    [InlineData("""{"spec":{"selector":{"app":"podinfo","tier":"web"}}}""", """{"app":"podinfo","tier":"web"}""")]
    [InlineData("no json", """{"app":"podinfo"}""")]
    public async Task ApexServiceOfTheUser_GetsTheSelectorThatWasLastApplied(string applied, string selector)
    {
        var world = new World();
        var users = World.Parse("""
            {"apiVersion":"v1","kind":"Service","metadata":{"name":"podinfo","namespace":"test"},"spec":{"selector":{"app":"podinfo"},"ports":[{"name":"http","port":80}]}}
            """);
        users.Metadata()["annotations"] = new JsonObject { ["kubectl.kubernetes.io/last-applied-configuration"] = applied };
        world.Cluster.Put(Kinds.Service, users);
        await world.InitializedAsync();
        world.Cluster.Peek(Apex).Text("spec", "selector", "app").ShouldBe("podinfo-primary");
        Delete(world);
        await world.RunAsync();

        world.Cluster.Peek(Apex)!["spec"]!["selector"]!.ToJsonString().ShouldBe(selector);
    }

    [Fact]
    public async Task TargetThatDoesNotComeUp_LeavesThePrimaryServing_AfterTheDeadline()
    {
        var world = await new World().InitializedAsync();
        var began = world.Clock.GetUtcNow();
        world.BreakPods(World.TargetRef);
        Delete(world);
        await world.RunAsync();

        (world.Clock.GetUtcNow() - began).ShouldBeGreaterThan(TimeSpan.FromSeconds(59));
        world.Cluster.Peek(World.CanaryRef).ShouldBeNull("the finalizer has a deadline");
        world.ReadyPods(World.PrimaryRef).ShouldBe(2);
        world.Cluster.Peek(World.PrimaryRef).ListAt("metadata", "ownerReferences").ShouldBeEmpty("nothing collects it with the Canary");
        world.Cluster.Peek(Apex).Text("spec", "selector", "app").ShouldBe("podinfo-primary");
        world.Events[^1].ShouldBe("podinfo.test did not become ready: podinfo-primary keeps serving and is left in place, delete it once podinfo.test is ready");
    }

    [Theory]
    [InlineData("deployments/podinfo")]
    [InlineData("deployments/podinfo-primary")]
    [InlineData("services/podinfo")]
    [InlineData("services/podinfo-canary")]
    [InlineData("routes/podinfo")]
    public async Task WhatIsMissing_IsPassedOver(string missing)
    {
        var world = await new World().InitializedAsync();
        var kind = new[] { Kinds.Deployment, Kinds.Service, FakeRouter.Route }.Single(k => missing.StartsWith(k.Plural, StringComparison.Ordinal));
        world.Cluster.Remove(new(kind, "test", missing.Split('/')[1]));
        Delete(world);
        await world.RunAsync();

        world.Cluster.Peek(World.CanaryRef).ShouldBeNull();
        world.Events[^1].ShouldBe("Terminated canary podinfo.test");
    }

    [Fact]
    public async Task DuringARun_TheTargetKeepsItsRevision_AndTakesOver()
    {
        var world = await new World().InitializedAsync();
        world.SetImage("podinfo:2");
        await world.RunAsync(() => world.Status.CanaryWeight == 20);
        Delete(world);
        await world.RunAsync();

        world.Cluster.Peek(World.CanaryRef).ShouldBeNull();
        world.Cluster.Peek(Apex).Text("spec", "selector", "app").ShouldBe("podinfo");
        world.Image(World.TargetRef).ShouldBe("podinfo:2", "what the user wrote stays");
        world.ReadyPods(World.TargetRef).ShouldBe(2);
        world.Queue.Waiting.ShouldBeEmpty();
    }

    [Fact]
    public async Task SuspendedOrInvalid_IsTerminatedAllTheSame()
    {
        var world = await new World().InitializedAsync();
        world.EditCanary(spec => (spec["suspend"], spec["provider"]) = (true, "isto"));
        Delete(world);
        await world.RunAsync();

        world.Cluster.Peek(World.CanaryRef).ShouldBeNull();
        world.Cluster.Peek(World.TargetRef).Integer("spec", "replicas").ShouldBe(2);
    }

    [Fact]
    public async Task CrashAtEveryWriteOfADeletion_ChangesNothingInTheOutcome()
    {
        var (calm, writes) = await DeletedAsync(-1);
        writes.ShouldBeGreaterThan(8);
        for (var at = 0; at < writes; at++)
        {
            (await DeletedAsync(at)).Outcome.ShouldBe(calm, $"killed at write {at}");
        }
    }

    private static async Task<(string Outcome, int Writes)> DeletedAsync(int crashAt)
    {
        var world = await new World().InitializedAsync();
        var writes = 0;
        Delete(world);
        world.Cluster.BeforeWrite = _ => writes++ == crashAt ? throw new CrashException() : Task.CompletedTask;
        await world.RunAsync();
        return ($"{world.Cluster.Peek(World.CanaryRef) is null} {world.Cluster.Peek(Apex)!["spec"]} {world.Cluster.Peek(World.TargetRef)!["spec"]} {string.Join('\n', world.Events)}", writes);
    }

    private static void Delete(World world)
    {
        world.Cluster.Peek(World.CanaryRef).ListAt("metadata", "finalizers").Select(f => f.Text()).ShouldBe([Canary.Finalizer]);
        world.Cluster.Remove(World.CanaryRef);
        world.Hint();
    }
}
