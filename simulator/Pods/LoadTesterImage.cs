using CanaryFunctions.LoadTester;
using CanaryFunctions.Simulator.Network;

namespace CanaryFunctions.Simulator.Pods;

/// <summary>The load tester's images run the real load tester, which reaches the cluster's names through a proxy of its own namespace.</summary>
internal sealed class LoadTesterImage(ClusterProxies proxies) : IPodImage
{
    public bool Runs(ImageReference image) => image.Name is "flagger-loadtester" or "loadtester";

    public async Task<IPodProcess> StartAsync(PodContext context, CancellationToken ct)
    {
        var server = await LoadTesterServer.StartAsync(
            new LoadTesterOptions
            {
                Speed = context.Speed,
                TimeProvider = context.Time,
                HttpProxy = await proxies.ForNamespaceAsync(context.Namespace, ct),
                Namespace = context.Namespace,
                NamespaceRegexp = ContainerSpec.Flag(context.Container, "namespace-regexp") ?? "",
                LogSink = context.Log,
            },
            ct);
        return new LoadTesterProcess(server, context);
    }

    private sealed class LoadTesterProcess : IPodProcess
    {
        private readonly LoadTesterServer _server;

        public LoadTesterProcess(LoadTesterServer server, PodContext context)
        {
            _server = server;
            (Ports, AnyPort) = ContainerSpec.AllPortsAt(context.Container, new LoopbackTarget(server.Address.Port));
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
