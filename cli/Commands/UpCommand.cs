using System.CommandLine;
using CanaryFunctions.Cli.Output;
using CanaryFunctions.Cli.Playground;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Cli.Commands;

/// <summary><c>canary up</c>: the embedded cluster stays up, for kubectl and curl.</summary>
internal static class UpCommand
{
    internal static Command Create()
    {
        var kubeconfig = new Option<FileInfo?>("--kubeconfig")
        {
            Description = "File to write the kubeconfig to; default: one in the temporary folder. Never your own.",
        };
        var provider = CommandOptions.Provider();
        var speed = CommandOptions.Speed(1);
        var port = new Option<int>("--port") { Description = "Port of the API server on 127.0.0.1, the gateway's is the next one; default: free ones." };
        var command = new Command("up", "Start an embedded Kubernetes-shaped cluster with everything installed, and keep it up until Ctrl+C.") { kubeconfig, provider, speed, port };
        command.SetAction((arguments, ct) => RunAsync(
            arguments.GetValue(kubeconfig), new(arguments.GetValue(speed), arguments.GetValue(provider)!, arguments.GetValue(port)), ct));
        return command;
    }

    private static async Task<int> RunAsync(FileInfo? file, PlaygroundOptions options, CancellationToken ct)
    {
        var narrator = Narrator.OnStandardOutput();
        try
        {
            await using var inbox = await ChatInbox.StartAsync(ct);
            inbox.Received += narrator.Chat;
            await using var playground = await Playground.Playground.StartAsync(
                options with { SlackUrl = inbox.SlackUrl.ToString(), TeamsUrl = inbox.TeamsUrl.ToString() }, ct);
            var kubeconfig = KubeconfigFile.Write(file, playground.Cluster.ApiServer.Kubeconfig, playground.Cluster.ApiServer.Address.Port);
            Introduce(narrator, playground, kubeconfig, options);
            await new ReleaseFeed(playground.Client, narrator, TimeProvider.System).RunAsync(ct);
            return 0;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return 0;
        }
        catch (Exception e) when (e is IOException or ClusterException or UnauthorizedAccessException or KubeconfigFileException)
        {
            narrator.Failure(e.Message);
            return 1;
        }
    }

    private static void Introduce(Narrator narrator, Playground.Playground playground, string kubeconfig, PlaygroundOptions options)
    {
        narrator.Note($"API server  {Bare(playground.Cluster.ApiServer.Address)}");
        narrator.Note($"kubeconfig  {kubeconfig}");
        narrator.Note($"gateway     {Bare(playground.Cluster.GatewayUri)}");
        narrator.Note($"Prometheus  {Bare(playground.Cluster.PrometheusUri)}");
        narrator.Note($"proxy       {Bare(playground.Cluster.ProxyUri)} (reaches cluster names: http_proxy={Bare(playground.Cluster.ProxyUri)} curl http://podinfo.test/)");
        narrator.Note($"speed       {options.Speed:0.##}");
        narrator.Command($"export KUBECONFIG={kubeconfig}");
        narrator.Success("ready");
    }

    // Without the slash, so that a path can be typed behind it.
    private static string Bare(Uri address) => address.ToString().TrimEnd('/');
}
