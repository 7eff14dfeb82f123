using System.CommandLine;
using CanaryFunctions.Cli.Output;
using CanaryFunctions.Cli.Uninstalling;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Platform.Kubernetes;
using Microsoft.Extensions.DependencyInjection;

namespace CanaryFunctions.Cli.Commands;

/// <summary><c>canary uninstall</c>: takes the product off a cluster; applications go on serving.</summary>
internal static class UninstallCommand
{
    internal static Command Create()
    {
        var kubeconfig = new Option<string?>("--kubeconfig") { Description = "Cluster to work on; default: KUBECONFIG, else ~/.kube/config." };
        var context = new Option<string?>("--context") { Description = "Context of the kubeconfig; default: its current one." };
        var ns = new Option<string>("--namespace") { Description = "Where the program is installed.", DefaultValueFactory = _ => "flagger-system" };
        var canaries = new Option<bool>("--delete-canaries")
        {
            Description = "Delete all Canaries first, while the program runs, so that each application gets back what it had. Without it they stay, and so do the primaries.",
        };
        var definitions = new Option<bool>("--delete-definitions")
        {
            Description = "Delete the definitions too, and with them every Canary, MetricTemplate and AlertProvider of the cluster.",
        };
        var command = new Command("uninstall", "Take the webhook configurations, the program and its rights off a cluster, in that order.") { kubeconfig, context, ns, canaries, definitions };
        command.SetAction((arguments, ct) => RunAsync(
            new() { KubeConfig = arguments.GetValue(kubeconfig) ?? "", Context = arguments.GetValue(context) ?? "" },
            new(arguments.GetValue(ns)!, arguments.GetValue(canaries), arguments.GetValue(definitions)), ct));
        return command;
    }

    private static async Task<int> RunAsync(KubernetesOptions kubernetes, UninstallOptions options, CancellationToken ct)
    {
        var narrator = Narrator.OnStandardOutput();
        try
        {
            await using var services = new ServiceCollection().AddKubernetes(kubernetes).BuildServiceProvider();
            await new Uninstaller(services.GetRequiredService<IClusterClient>(), options, narrator.Note, TimeProvider.System).RunAsync(ct);
            narrator.Success($"uninstalled; the namespace {options.Namespace} {(options.DeleteDefinitions ? "is" : "and the definitions are")} left");
            return 0;
        }
        catch (Exception e) when (e is ClusterException or KubeConfigException or UninstallException)
        {
            narrator.Failure(e.Message);
            return 1;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            narrator.Failure("interrupted; run it again to go on");
            return 1;
        }
    }
}
