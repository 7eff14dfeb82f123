namespace CanaryFunctions.Simulator.Tests.Workloads;

/// <summary>One cluster for tests that only read: a podinfo pod behind Service and Ingress, and a Service without pods.</summary>
public sealed class PodinfoWorld : IAsyncLifetime
{
    private TestCluster? _world;

    internal TestCluster World => _world ?? throw new InvalidOperationException("The cluster has not started.");

    public async Task InitializeAsync()
    {
        _world = await TestCluster.StartAsync();
        await _world.ApplyAsync(Manifests.Podinfo("podinfo", "6.0.0", 1));
        await _world.ApplyAsync(Manifests.Service("podinfo", "podinfo"));
        await _world.ApplyAsync(Manifests.Service("empty", "nobody"));
        await _world.ApplyAsync(Manifests.ApexIngress);
        await _world.WaitEndpointsAsync("podinfo", 1);
        await _world.WaitEndpointsAsync("empty", 0);
    }

    public async Task DisposeAsync() => await World.DisposeAsync();
}
