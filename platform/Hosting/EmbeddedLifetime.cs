using Microsoft.Extensions.Hosting;

namespace CanaryFunctions.Platform.Hosting;

/// <summary>Leaves Ctrl+C and start messages to the process that the server is part of.</summary>
public sealed class EmbeddedLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
