using System.Globalization;

namespace CanaryFunctions.Simulator.Pods.Podinfo;

/// <summary>Images whose repository ends in <c>podinfo</c>; the tag is the version that it reports.</summary>
internal sealed class PodinfoImage : IPodImage
{
    public bool Runs(ImageReference image) => image.Name == "podinfo";

    public async Task<IPodProcess> StartAsync(PodContext context, CancellationToken ct)
        => await PodinfoServer.StartAsync(context, Port(context, "port") ?? 9898, Port(context, "port-metrics"), Port(context, "grpc-port"), ct);

    private static int? Port(PodContext context, string flag)
        => int.TryParse(ContainerSpec.Flag(context.Container, flag), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0 ? port : null;
}
