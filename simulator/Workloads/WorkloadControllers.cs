using CanaryFunctions.Core.Ports;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Simulator.Workloads;

/// <summary>The controllers that a cluster's kube-controller-manager has, as far as the embedded cluster needs them.</summary>
public sealed class WorkloadControllers(IClusterClient client, ClusterCache cache, WorkloadOptions options, ILoggerFactory loggers)
{
    /// <summary>Runs the controllers that <see cref="WorkloadOptions"/> turns on until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        var logger = loggers.CreateLogger<WorkloadControllers>();
        List<Task> running = [];
        if (options.Deployments)
        {
            running.Add(new DeploymentController(client, cache, options, logger).RunAsync(ct));
        }

        if (options.ReplicaSets)
        {
            running.Add(new ReplicaSetController(client, cache, options, logger).RunAsync(ct));
        }

        if (options.Autoscalers)
        {
            running.Add(new AutoscalerController(client, cache, options, logger).RunAsync(ct));
        }

        if (options.Endpoints)
        {
            running.Add(new EndpointsController(client, cache, options, logger).RunAsync(ct));
        }

        try
        {
            await Task.WhenAll(running);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Stopped before the first lists were complete.
        }
    }
}
