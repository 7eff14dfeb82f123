using CanaryFunctions.Simulator.Network;
using Microsoft.AspNetCore.Http;

namespace CanaryFunctions.Simulator.Pods;

/// <summary>Any image that has no stand-in of its own: answers every request with 200 and its name.</summary>
internal sealed class PlainImage : IPodImage
{
    public bool Runs(ImageReference image) => true;

    public async Task<IPodProcess> StartAsync(PodContext context, CancellationToken ct)
    {
        var text = $"{context.Image.Text} in pod {context.Pod}\n";
        context.Log($"stand-in of {context.Image.Text} started");
        var server = await LoopbackServer.StartAsync(
            http =>
            {
                http.Response.ContentType = "text/plain; charset=utf-8";
                return http.Response.WriteAsync(text, http.RequestAborted);
            },
            0, context.Loggers, ct);
        return new PlainProcess(server, context);
    }

    private sealed class PlainProcess : IPodProcess
    {
        private readonly LoopbackServer _server;

        public PlainProcess(LoopbackServer server, PodContext context)
        {
            _server = server;
            (Ports, AnyPort) = ContainerSpec.AllPortsAt(context.Container, server.Target);
        }

        // It is ready from the start and never stops being so.
        public event Action? ReadinessChanged
        {
            add { }
            remove { }
        }

        public IReadOnlyDictionary<int, LoopbackTarget> Ports { get; }

        public LoopbackTarget? AnyPort { get; }

        public bool IsReady => true;

        public ValueTask DisposeAsync() => _server.DisposeAsync();
    }
}
