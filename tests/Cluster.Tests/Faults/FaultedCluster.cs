using CanaryFunctions.Cluster.Tests.RealParts;

namespace CanaryFunctions.Cluster.Tests.Faults;

/// <summary>A cluster of its own for the faults, with an application for each of them at rest.</summary>
public sealed class FaultedCluster : IAsyncLifetime, IAsyncDisposable
{
    private readonly Dictionary<string, FaultStage> _stages = [];
    private RealCluster? _cluster;

    public async Task InitializeAsync()
    {
        if (Assets.WhySkip is not null)
        {
            return;
        }

        _cluster = await RealCluster.StartAsync();
        try
        {
            var faults = FaultCatalog.All;
            var stages = await Task.WhenAll(faults.Select(fault => FaultStage.OpenAsync(_cluster, fault)));
            foreach (var (fault, stage) in faults.Zip(stages))
            {
                _stages.Add(fault.Namespace, stage);
            }
        }
        catch
        {
            // Nobody disposes of a fixture that could not be made.
            await DisposeAsync();
            throw;
        }
    }

    internal Task<FaultRow> PlayAsync(Fault fault, bool isWhole) => new FaultRun(fault, _cluster!, _stages[fault.Namespace], isWhole).PlayAsync();

    public async Task DisposeAsync()
    {
        foreach (var stage in _stages.Values)
        {
            await stage.DisposeAsync();
        }

        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }

    async ValueTask IAsyncDisposable.DisposeAsync() => await DisposeAsync();
}
