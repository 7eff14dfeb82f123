using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Workers.Tests.Staging;

/// <summary>
/// Stands where controllers, scheduler and kubelets are: a moment after a Deployment changed its pods are as it wants them. The releases here are about steps;
/// pods of their own would take more of the machine than all workers.
/// </summary>
internal sealed class PodsStandIn : IAsyncDisposable
{
    private static readonly TimeSpan Startup = TimeSpan.FromMilliseconds(75);

    private readonly CancellationTokenSource _ending = new();
    private readonly IClusterClient _cluster;
    private readonly Task _running;

    internal PodsStandIn(IClusterClient cluster)
    {
        _cluster = cluster;
        _running = Task.Run(RunAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _running;
        _ending.Dispose();
    }

    private async Task RunAsync()
    {
        List<Task> moving = [];
        try
        {
            await foreach (var change in _cluster.WatchAsync(Kinds.Deployment, Fleet.Namespace, new(), _ending.Token))
            {
                if (change.Object is { } deployment && deployment.Generation() != deployment.Number("status", "observedGeneration"))
                {
                    moving.Add(MoveAsync(deployment));
                }
            }
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // The cluster goes.
        }

        await Task.WhenAll(moving);
    }

    private async Task MoveAsync(JsonObject deployment)
    {
        try
        {
            await Task.Delay(Startup, TimeProvider.System, _ending.Token);
            var moved = deployment.Copy();
            var status = new JsonObject { ["observedGeneration"] = deployment.Generation() };
            foreach (var counter in (string[])["replicas", "updatedReplicas", "readyReplicas", "availableReplicas"])
            {
                status[counter] = deployment.Integer("spec", "replicas");
            }

            moved["status"] = status;
            await _cluster.ReplaceStatusAsync(Kinds.Deployment, moved, _ending.Token);
        }
        catch (ClusterException e) when (e.IsConflict)
        {
            // It changed once more: that is heard of, too.
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // The cluster goes.
        }
    }
}
