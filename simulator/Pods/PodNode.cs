using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Simulator.Network;
using CanaryFunctions.Simulator.Pods.Logs;
using CanaryFunctions.Simulator.Workloads;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Simulator.Pods;

/// <summary>
/// Stands in for scheduler and kubelet: binds pods to its one node, runs what stands for their images, and reports. A deleted pod leaves the Endpoints
/// first and goes on serving for a grace period, so that no request is lost.
/// </summary>
public sealed class PodNode : IAsyncDisposable
{
    private readonly IClusterClient _client;
    private readonly INodeApi _api;
    private readonly PodNodeOptions _options;
    private readonly ObjectCache _pods;
    private readonly PodDirectory _directory;
    private readonly PodLogStore _logs;
    private readonly PodRunner _runner;
    private readonly ReconcileLoop _loop;
    private readonly EventRecorder _events;
    private readonly Dictionary<ObjectKey, PodSandbox> _sandboxes = [];
    private readonly List<Task> _stopping = [];

    /// <param name="images">Asked in this order; an image that none runs is answered by a plain server.</param>
    public PodNode(
        IClusterClient client, INodeApi api, ClusterCache cache, PodDirectory directory, PodLogStore logs, IEnumerable<IPodImage> images, PodNodeOptions options, ILoggerFactory loggers)
    {
        (_client, _api, _options, _directory, _logs) = (client, api, options, directory, logs);
        var logger = loggers.CreateLogger<PodNode>();
        _runner = new PodRunner([.. images, new PlainImage()], directory, logs, options, loggers);
        _events = new EventRecorder(client, options.TimeProvider, "kubelet", logger);
        _loop = new ReconcileLoop("kubelet", options.TimeProvider, logger, ReconcileAsync);
        _pods = cache.For(WorkloadKinds.Pod);
        _pods.Changed += (key, _, _) => _loop.Add(key);
    }

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        try
        {
            await _pods.Synced.WaitAsync(ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return;
        }

        foreach (var pod in _pods.All)
        {
            _loop.Add(ObjectKey.Of(pod));
        }

        await _loop.RunAsync(ct);
    }

    /// <summary>Stops all pods' servers. Call when <see cref="RunAsync"/> has returned.</summary>
    public async ValueTask DisposeAsync()
    {
        _stopping.AddRange(_sandboxes.Values.Select(s => s.StopAsync(_logs)));
        _sandboxes.Clear();
        await Task.WhenAll(_stopping);
    }

    private async Task<TimeSpan?> ReconcileAsync(ObjectKey key, CancellationToken ct)
    {
        var pod = _pods.Find(key);
        var sandbox = _sandboxes.GetValueOrDefault(key);
        if (sandbox is not null && (pod is null || pod.IsBeingDeleted() || pod.Uid() != sandbox.Uid))
        {
            return await EndAsync(key, sandbox, pod, ct);
        }

        if (pod is null)
        {
            return null;
        }

        if (pod.IsBeingDeleted())
        {
            return await RemoveUnstartedAsync(pod, ct);
        }

        if (pod.Text("spec", "nodeName") is not { Length: > 0 } node)
        {
            if (_options.Schedules)
            {
                await _api.BindAsync(pod, _options.NodeName, ct);
            }

            return null;
        }

        return node == _options.NodeName ? await ReportAsync(pod, sandbox ?? await StartAsync(key, pod, ct), ct) : null;
    }

    private async Task<PodSandbox> StartAsync(ObjectKey key, JsonObject pod, CancellationToken ct)
    {
        var sandbox = await _runner.StartAsync(pod, ct);
        _sandboxes.Add(key, sandbox);
        foreach (var container in sandbox.Containers)
        {
            if (container.Process is { } process)
            {
                process.ReadinessChanged += () => _loop.Add(key);
            }
            else
            {
                await _events.RecordAsync(WorkloadKinds.Pod, pod, "Warning", "Failed", $"Failed to pull image \"{container.Image.Text}\": not found", ct);
            }
        }

        return sandbox;
    }

    private async Task<TimeSpan?> ReportAsync(JsonObject pod, PodSandbox sandbox, CancellationToken ct)
    {
        var now = _options.TimeProvider.GetUtcNow();
        var status = PodStatus.Of(pod, sandbox, now);
        if (status.Any(field => !JsonNode.DeepEquals(pod.At("status", field.Key), field.Value)))
        {
            var patch = new JsonObject { ["metadata"] = new JsonObject { ["uid"] = pod.Uid() }, ["status"] = status };
            await _client.MergePatchAsync(pod.RefOf(WorkloadKinds.Pod), patch, "status", ct);
        }

        return sandbox.ReadyAt > now ? sandbox.ReadyAt - now : null;
    }

    private async Task<TimeSpan?> EndAsync(ObjectKey key, PodSandbox sandbox, JsonObject? pod, CancellationToken ct)
    {
        var now = _options.TimeProvider.GetUtcNow();
        sandbox.StopAt ??= now + _options.RealGrace;
        if (sandbox.StopAt > now)
        {
            return sandbox.StopAt - now;
        }

        _directory.Remove(sandbox.Ip);
        _sandboxes.Remove(key);
        _stopping.RemoveAll(t => t.IsCompletedSuccessfully);
        _stopping.Add(sandbox.StopAsync(_logs));                     // lets requests finish; the next pod need not wait for them
        if (pod?.Uid() == sandbox.Uid)
        {
            await RemoveAsync(pod, ct);
            return null;
        }

        // Another pod has this name by now.
        return pod is null ? null : TimeSpan.Zero;
    }

    private async Task<TimeSpan?> RemoveUnstartedAsync(JsonObject pod, CancellationToken ct)
    {
        if (pod.Text("spec", "nodeName") is null or "" || pod.Text("spec", "nodeName") == _options.NodeName)
        {
            await RemoveAsync(pod, ct);
        }

        return null;
    }

    private async Task RemoveAsync(JsonObject pod, CancellationToken ct)
    {
        try
        {
            await _api.RemoveAsync(pod, ct);
        }
        catch (ClusterException e) when (e.IsNotFound || e.IsConflict)
        {
            // Gone already, perhaps with a namesake in its place.
        }
    }
}
