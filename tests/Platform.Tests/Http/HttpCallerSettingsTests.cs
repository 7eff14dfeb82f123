using CanaryFunctions.Platform.Hosting.Settings;
using CanaryFunctions.Platform.Http;
using Microsoft.Extensions.Configuration;

namespace CanaryFunctions.Platform.Tests.Http;

public sealed class HttpCallerSettingsTests
{
    [Fact]
    public void Nothing_IsAuto()
    {
        var options = Read();

        options.Access.ShouldBe(ServiceAccess.Auto);
        options.ClusterProxy.ShouldBeNull();
        options.HostMap.ShouldBeEmpty();
    }

    [Fact]
    public void Map_ProxyAndAccess_AreRead()
    {
        var options = Read(
            ("SERVICE_MAP", "prometheus.monitoring=http://127.0.0.1:9090, Flagger-Loadtester.test=https://tester.example/x=1"),
            ("CLUSTER_PROXY", "http://user:pass@proxy.example:3128"),
            ("SERVICE_ACCESS", "API-Proxy"));

        options.HostMap.Select(m => $"{m.Key} {m.Value}").ShouldBe(["prometheus.monitoring http://127.0.0.1:9090/", "Flagger-Loadtester.test https://tester.example/x=1"]);
        options.HostMap.ContainsKey("flagger-loadtester.TEST").ShouldBeTrue();
        options.ClusterProxy.ShouldBe(new Uri("http://user:pass@proxy.example:3128"));
        options.Access.ShouldBe(ServiceAccess.ApiProxy);
    }

    [Fact]
    public void Problems_AreAllNamed_WithoutWhatIsSecret()
    {
        var error = Should.Throw<SettingsException>(() => Read(
            ("SERVICE_MAP", "a.b=ftp://x,c.d,e.f=http://joe:secret@x,g.h=http://x,G.h=http://y"), ("CLUSTER_PROXY", "socks://u:secret@x"), ("SERVICE_ACCESS", "tunnel")));

        error.Problems.Select(p => $"{p.Name} {p.Value}").ShouldBe(
            ["service-map a.b=ftp://x", "service-map c.d", "service-map (hidden)", "service-map G.h=http://y", "service-access tunnel", "cluster-proxy (hidden)"], ignoreOrder: true);
        error.Message.ShouldContain("use auto, direct or api-proxy.");
        error.Message.ShouldNotContain("secret");
    }

    private static HttpCallerOptions Read(params (string Name, string Value)[] settings) => HttpCallerSettings.Read(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Name, (string?)s.Value))).Build());
}
