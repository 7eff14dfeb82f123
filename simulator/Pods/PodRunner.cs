using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Simulator.Network;
using CanaryFunctions.Simulator.Pods.Logs;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Simulator.Pods;

/// <summary>Starts the stand-ins of a pod's containers and gives the pod an address.</summary>
/// <param name="images">Asked in this order; the last one must run everything.</param>
internal sealed class PodRunner(IReadOnlyList<IPodImage> images, PodDirectory directory, PodLogStore logs, PodNodeOptions options, ILoggerFactory loggers)
{
    public async Task<PodSandbox> StartAsync(JsonObject pod, CancellationToken ct)
    {
        List<PodContainer> containers = [];
        var now = options.TimeProvider.GetUtcNow();
        var sandbox = new PodSandbox(pod, FreeAddress(pod.Uid()), containers, now, now + options.RealStartupDelay);
        try
        {
            foreach (var container in pod.ListAt("spec", "containers").OfType<JsonObject>())
            {
                containers.Add(await StartContainerAsync(pod, container, ct));
            }
        }
        catch
        {
            await sandbox.StopAsync(logs);
            throw;
        }

        sandbox.Register(directory);
        return sandbox;
    }

    private async Task<PodContainer> StartContainerAsync(JsonObject pod, JsonObject container, CancellationToken ct)
    {
        var name = container.Text("name") ?? "";
        var image = ImageReference.Parse(container.Text("image") ?? "");
        if (image.IsBroken)
        {
            return new(name, image, null);
        }

        var log = logs.Open(pod.Namespace(), pod.Name(), name);
        var context = new PodContext(pod.Namespace(), pod.Name(), pod.Uid(), container, image, options.Speed, options.TimeProvider, log.Append, loggers);
        return new(name, image, await images.First(i => i.Runs(image)).StartAsync(context, ct));
    }

    /// <summary>An address that derives from the pod's uid; where it is taken, the next one.</summary>
    private string FreeAddress(string uid)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(uid));
        for (var number = BitConverter.ToUInt16(hash); ; number++)
        {
            // 10.244.0.x belongs to the node and to what the cluster itself serves.
            var ip = string.Create(CultureInfo.InvariantCulture, $"10.244.{1 + (number / 254 % 254)}.{1 + (number % 254)}");
            if (!directory.Knows(ip))
            {
                return ip;
            }
        }
    }
}
