using CanaryFunctions.Core;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Platform.Http;
using CanaryFunctions.Platform.Kubernetes;
using CanaryFunctions.Platform.Kubernetes.Clusters;
using CanaryFunctions.Providers;

namespace CanaryFunctions.Functions;

/// <summary>
/// The clusters that one app serves. Each has services of its own, from the client to what the engine remembers of the cluster; clock, queue, connections and
/// logs are the app's.
/// </summary>
public sealed class Fleet : IAsyncDisposable
{
    // Less than the time between two sweeps.
    private static readonly TimeSpan SweepLimit = TimeSpan.FromSeconds(20);

    private readonly SortedDictionary<string, ServiceProvider> _clusters = new(StringComparer.OrdinalIgnoreCase);
    private readonly TimeProvider _time;
    private readonly ILogger<Fleet> _logger;

    /// <exception cref="KubeConfigException">A cluster cannot be connected to as its settings say.</exception>
    public Fleet(IReadOnlyList<ClusterSettings> clusters, IServiceProvider shared)
    {
        (_time, _logger) = (shared.GetRequiredService<TimeProvider>(), shared.GetRequiredService<ILogger<Fleet>>());
        foreach (var cluster in clusters)
        {
            var services = Compose(cluster, shared);
            _clusters.Add(cluster.Name, services);

            // Told at the start, not by the first message.
            services.GetRequiredService<IClusterClient>();
        }
    }

    /// <summary>The services of the cluster that a message is about.</summary>
    /// <param name="name">As in the message; null for the only one.</param>
    /// <exception cref="UnknownClusterException">There is no such cluster, or there are several and the message names none.</exception>
    public IServiceProvider For(string? name)
        => name is null && _clusters.Count == 1 ? _clusters.Values.First()
            : name is not null && _clusters.TryGetValue(name, out var services) ? services
            : throw new UnknownClusterException(name, _clusters.Keys);

    /// <summary>Sweeps all clusters at the same time. One that is away or slow keeps no other from being swept.</summary>
    /// <exception cref="FleetSweepException">Some could not be swept; all others were.</exception>
    public async Task SweepAsync(CancellationToken ct)
    {
        var problems = await Task.WhenAll(_clusters.Select(cluster => SweepAsync(cluster.Key, cluster.Value, ct)));
        if (problems.OfType<string>().ToList() is { Count: > 0 } found)
        {
            throw new FleetSweepException($"{found.Count} of {_clusters.Count} clusters could not be swept. {string.Join(' ', found)}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var services in _clusters.Values)
        {
            await services.DisposeAsync();
        }
    }

    /// <summary>What went wrong; null when nothing did.</summary>
    private async Task<string?> SweepAsync(string name, ServiceProvider services, CancellationToken ct)
    {
        using var scope = _logger.ForCluster(name);
        using var limit = new CancellationTokenSource(SweepLimit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            await services.GetRequiredService<SweepRollouts>().RunAsync(either.Token);
            return null;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return $"{name}: not done within {SweepLimit.TotalSeconds:0} s.";
        }
        catch (Exception e) when (e is not (OperationCanceledException or OutOfMemoryException))
        {
            return $"{name}: {e.Message}";
        }
    }

    private static ServiceProvider Compose(ClusterSettings cluster, IServiceProvider shared) => new ServiceCollection()
        .AddSingleton(shared.GetRequiredService<ILoggerFactory>())
        .AddLogging()
        .AddSingleton(shared.GetRequiredService<TimeProvider>())
        .AddSingleton(shared.GetRequiredService<IStepQueue>())
        .AddSingleton(shared.GetRequiredService<ConnectionPools>())
        .AddSingleton(cluster.Install)
        .AddKubernetes(cluster.Kubernetes)
        .AddHttpCaller(cluster.Http)
        .AddProviders()
        .AddCanaryCore()
        .AddFunctionClasses()
        .BuildServiceProvider();
}
