namespace CanaryFunctions.Cluster.Tests.RealParts;

/// <summary>A part in the one <see cref="RealCluster"/> that tests share which run at the same time and leave it as it was. The first starts it, the last ends it.</summary>
internal sealed class SharedCluster : IAsyncDisposable
{
    private static readonly SemaphoreSlim Gate = new(1, 1);
    private static RealCluster? _cluster;
    private static int _users;

    private SharedCluster(RealCluster cluster) => Cluster = cluster;

    internal RealCluster Cluster { get; }

    internal static async Task<SharedCluster> JoinAsync()
    {
        await Gate.WaitAsync();
        try
        {
            _cluster ??= await RealCluster.StartAsync();
            _users++;
            return new(_cluster);
        }
        finally
        {
            Gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Gate.WaitAsync();
        try
        {
            if (--_users == 0)
            {
                _cluster = null;
                await Cluster.DisposeAsync();
            }
        }
        finally
        {
            Gate.Release();
        }
    }
}
