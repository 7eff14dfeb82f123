using CanaryFunctions.Simulator.Api;

namespace CanaryFunctions.Cluster.Tests.Conformance;

/// <summary>The server of the demo and the playground.</summary>
public sealed class EmbeddedServer : TestedServer
{
    // As good as none: a watch that looks back further finds its version too old.
    private const int History = 20;
    private ApiServer? _server;

    protected override async Task<HttpClient?> StartAsync()
    {
        _server = await ApiServer.StartAsync(new ApiServerOptions { HistoryLimit = History }, CancellationToken.None);
        return _server.CreateClient();
    }

    protected override async Task StopAsync() => await _server!.DisposeAsync();
}
