using Microsoft.Extensions.Hosting;

namespace CanaryFunctions.Simulator;

/// <summary>The server lives as long as its owner says: it must not take Ctrl+C or SIGTERM away from the process that embeds it.</summary>
internal sealed class EmbeddedLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
