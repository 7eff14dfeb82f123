using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Simulator.Network;
using CanaryFunctions.Simulator.Pods.Logs;

namespace CanaryFunctions.Simulator.Pods;

/// <summary>A container of a running pod; without a process where its image cannot be pulled.</summary>
internal sealed record PodContainer(string Name, ImageReference Image, IPodProcess? Process);

/// <summary>What runs for one pod, and since when.</summary>
/// <param name="ReadyAt">The start-up of its containers is over.</param>
internal sealed record PodSandbox(JsonObject Pod, string Ip, IReadOnlyList<PodContainer> Containers, DateTimeOffset StartedAt, DateTimeOffset ReadyAt)
{
    public string Uid => Pod.Uid();

    /// <summary>Set when the pod is deleted: it serves until then.</summary>
    public DateTimeOffset? StopAt { get; set; }

    public void Register(PodDirectory directory)
    {
        foreach (var process in Containers.Select(c => c.Process).OfType<IPodProcess>())
        {
            foreach (var (port, target) in process.Ports)
            {
                directory.Register(Ip, port, target);
            }

            if (process.AnyPort is { } any)
            {
                directory.RegisterAnyPort(Ip, any);
            }
        }
    }

    public async Task StopAsync(PodLogStore logs)
    {
        foreach (var container in Containers)
        {
            if (container.Process is { } process)
            {
                await process.DisposeAsync();
            }

            logs.Remove(Pod.Namespace(), Pod.Name(), container.Name);
        }
    }
}
