using System.Net;
using CanaryFunctions.Platform.Hosting.Settings;
using Microsoft.Extensions.Configuration;

namespace CanaryFunctions.Webhook.Tests;

public sealed class WebhookSettingsTests
{
    [Fact]
    public void Read_OutsideACluster_ListensOnLoopback()
    {
        var options = Read();

        options.Outside.ShouldBeTrue();
        options.Listen.ShouldBe(IPAddress.Loopback);
        options.Port.ShouldBe(0);
        options.Hosts[0].ShouldBe("127.0.0.1");
    }

    [Fact]
    public void Read_InAPod_ServesTheService()
    {
        var options = Read(("KUBERNETES_SERVICE_HOST", "10.0.0.1"), ("webhook-service", "hooks"));

        options.Outside.ShouldBeFalse();
        options.OwnNamespace.ShouldBe("pods");
        options.Hosts.ShouldBe(["hooks.pods.svc"]);
        options.SecretName.ShouldBe("hooks-certificate");
        (options.Listen, options.Port).ShouldBe((IPAddress.Any, 8443));
        Read(("KUBERNETES_SERVICE_HOST", "10.0.0.1"), ("POD_NAMESPACE", "given")).OwnNamespace.ShouldBe("given");
    }

    [Fact]
    public void Read_InAPod_HasThePodsNameItsHealthPortAndTimeToDrain()
    {
        var options = Read(("KUBERNETES_SERVICE_HOST", "10.0.0.1"), ("HOSTNAME", "webhook-7f"), ("webhook-drain-delay", "10s"));

        options.Identity.ShouldBe("webhook-7f");
        options.HealthPort.ShouldBe(8080);
        options.DrainDelay.ShouldBe(TimeSpan.FromSeconds(10));
        Read(("KUBERNETES_SERVICE_HOST", "10.0.0.1"), ("HOSTNAME", "webhook-7f"), ("POD_NAME", "given")).Identity.ShouldBe("given");
        Read(("KUBERNETES_SERVICE_HOST", "10.0.0.1")).DrainDelay.ShouldBe(TimeSpan.FromSeconds(5));
        Read().DrainDelay.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void Read_CertManager_IsNamedByFolderAndCertificate()
    {
        var options = Read(("webhook-certificate-folder", "/certificates"), ("webhook-inject-ca-from", "canary/serving"));

        options.Certificates.Folder.ShouldBe("/certificates");
        options.Certificates.InjectCaFrom.ShouldBe("canary/serving");
    }

    [Fact]
    public void Read_SeveralThatCannotBeUsed_AreToldAtOnce()
        => Should.Throw<SettingsException>(() => Read(
                ("KUBERNETES_SERVICE_HOST", "10.0.0.1"), ("port", "x"), ("webhook-inject-ca-from", "serving"), ("webhook-drain-delay", "2m")))
            .Problems.Select(p => p.ToString()).ShouldBe(
            [
                "port: 'x' must be a port between 0 and 65535; 0 for any free one.",
                "webhook-inject-ca-from: 'serving' must be namespace/name of a cert-manager Certificate.",
                "webhook-drain-delay: '2m' must be a duration from 0s to 1m0s, such as 5s.",
            ]);

    [Fact]
    public void Read_KubeconfigInAPod_IsOutsideOfThatCluster()
        => Read(("KUBERNETES_SERVICE_HOST", "10.0.0.1"), ("kubeconfig", "file")).Outside.ShouldBeTrue();

    [Fact]
    public void Read_Environment_WinsOverTheFlag() => Read(("webhook-port", "1"), ("WEBHOOK_PORT", "2")).Port.ShouldBe(2);

    [Fact]
    public void Read_HostToBeCalledBy_ListensEverywhere()
    {
        var options = Read(("webhook-host", "192.0.2.7"));

        options.Hosts[0].ShouldBe("192.0.2.7");
        options.Listen.ShouldBe(IPAddress.Any);
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("-1")]
    [InlineData("65536")]
    public void Read_PortThatIsNone_IsRefused(string port)
        => Should.Throw<SettingsException>(() => Read(("webhook-port", port))).Problems.Single().ToString()
            .ShouldBe($"webhook-port: '{port}' must be a port between 0 and 65535; 0 for any free one.");

    private static WebhookOptions Read(params (string Key, string Value)[] settings)
        => WebhookSettings.Read(
            new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value))).Build(), "pods");
}
