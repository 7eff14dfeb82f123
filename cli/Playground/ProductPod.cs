using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Network;
using CanaryFunctions.Simulator.Pods;
using CanaryFunctions.Simulator.Yaml;

namespace CanaryFunctions.Cli.Playground;

/// <summary>
/// The product as a pod of the embedded cluster, where the guides look for it: <c>flagger-system/flagger</c>. It runs in this process; the pod shows its logs.
/// </summary>
internal sealed class ProductPod(ProductLog logs) : IPodImage
{
    private const string Manifest = """
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: flagger
          namespace: flagger-system
          labels: { app: flagger }
        spec:
          replicas: 1
          strategy: { type: Recreate }
          selector:
            matchLabels: { app: flagger }
          template:
            metadata:
              labels: { app: flagger }
            spec:
              containers:
                - name: flagger
                  image: canary-functions:embedded
        """;

    internal static IReadOnlyList<JsonObject> Objects { get; } = [.. YamlJson.ParseAll(Manifest).OfType<JsonObject>()];

    public bool Runs(ImageReference image) => image.Name == "canary-functions";

    public Task<IPodProcess> StartAsync(PodContext context, CancellationToken ct)
    {
        logs.Attach(context.Log);
        return Task.FromResult<IPodProcess>(new Elsewhere());
    }

    /// <summary>Runs in this process already and serves nothing here.</summary>
    private sealed class Elsewhere : IPodProcess
    {
        public event Action? ReadinessChanged
        {
            add { }
            remove { }
        }

        public IReadOnlyDictionary<int, LoopbackTarget> Ports { get; } = new Dictionary<int, LoopbackTarget>();

        public LoopbackTarget? AnyPort => null;

        public bool IsReady => true;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
