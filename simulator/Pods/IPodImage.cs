using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Network;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Simulator.Pods;

/// <summary>What stands in for the program in a container image.</summary>
public interface IPodImage
{
    bool Runs(ImageReference image);

    /// <summary>Starts one container; it listens when the task is done.</summary>
    Task<IPodProcess> StartAsync(PodContext context, CancellationToken ct);
}

/// <summary>The running stand-in of one container. Disposing of it lets its requests finish.</summary>
public interface IPodProcess : IAsyncDisposable
{
    /// <summary>Raised when <see cref="IsReady"/> changed.</summary>
    event Action? ReadinessChanged;

    /// <summary>Container port to where it is served.</summary>
    IReadOnlyDictionary<int, LoopbackTarget> Ports { get; }

    /// <summary>Serves all other ports, for a container that declares none; null otherwise.</summary>
    LoopbackTarget? AnyPort { get; }

    /// <summary>What its readiness probe would find.</summary>
    bool IsReady { get; }
}

/// <summary>What a stand-in is told of its pod.</summary>
/// <param name="Container">The container, as in <c>spec.containers</c>.</param>
/// <param name="Speed">Nominal time per real time.</param>
/// <param name="Log">Takes the lines of <c>kubectl logs</c>.</param>
public sealed record PodContext(
    string Namespace, string Pod, string Uid, JsonObject Container, ImageReference Image, double Speed, TimeProvider Time, Action<string> Log, ILoggerFactory Loggers);
