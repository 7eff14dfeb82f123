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
