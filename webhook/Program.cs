using System.Runtime.InteropServices;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Platform.Hosting.Settings;
using CanaryFunctions.Platform.Kubernetes;
using CanaryFunctions.Webhook;
using CanaryFunctions.Webhook.Certificates;

using var stop = new CancellationTokenSource();
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
try
{
    await WebhookHost.RunAsync(SettingsReader.Sources(AppContext.BaseDirectory, args), stop.Token);
    return 0;
}
catch (Exception e) when (e is SettingsException or FormatException or KubeConfigException or ClusterException or CertificateException)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}

void End(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
