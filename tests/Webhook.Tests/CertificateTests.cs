using System.Security.Cryptography.X509Certificates;
using System.Text;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.TestKit;
using CanaryFunctions.Webhook.Certificates;
using Microsoft.Extensions.Logging.Abstractions;

namespace CanaryFunctions.Webhook.Tests;

public sealed class CertificateTests
{
    private static readonly string[] Hosts = ["canary-webhook.canary.svc", "127.0.0.1"];
    private static readonly ObjectRef Reference = new(Kinds.Secret, "canary", "certificate");

    private readonly FakeClock _clock = new();
    private readonly FakeCluster _cluster;

    public CertificateTests() => _cluster = new(_clock);

    [Fact]
    public void Create_Bundle_IsForExactlyTheHosts()
    {
        var bundle = CertificateAuthority.Create(Hosts, _clock.GetUtcNow());

        bundle.IsGoodFor(Hosts, _clock.GetUtcNow(), TimeSpan.FromDays(30)).ShouldBeTrue();
        bundle.IsGoodFor(["localhost"], _clock.GetUtcNow(), TimeSpan.Zero).ShouldBeFalse();
        bundle.IsGoodFor(Hosts, _clock.GetUtcNow() + TimeSpan.FromDays(340), TimeSpan.FromDays(30)).ShouldBeFalse();
        bundle.IsGoodFor(Hosts, _clock.GetUtcNow() + TimeSpan.FromDays(366), TimeSpan.Zero).ShouldBeFalse();
    }

    [Fact]
    public void Create_Leaf_IsAServerCertificateAndNoCa()
    {
        using var leaf = CertificateAuthority.Create(Hosts, _clock.GetUtcNow()).Load();

        leaf.HasPrivateKey.ShouldBeTrue();
        leaf.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority.ShouldBeFalse();
        leaf.Extensions.OfType<X509EnhancedKeyUsageExtension>().Single().EnhancedKeyUsages.Cast<System.Security.Cryptography.Oid>().Single().Value.ShouldBe("1.3.6.1.5.5.7.3.1");
        leaf.GetECDsaPublicKey()!.KeySize.ShouldBe(256);
    }

    [Fact]
    public void IsGoodFor_CertificateOfAnotherCa_IsFalse()
    {
        var (one, other) = (CertificateAuthority.Create(Hosts, _clock.GetUtcNow()), CertificateAuthority.Create(Hosts, _clock.GetUtcNow()));

        new CertificateBundle(other.CaCertificate, other.CaKey, one.Certificate, one.Key).IsGoodFor(Hosts, _clock.GetUtcNow(), TimeSpan.Zero).ShouldBeFalse();
        new CertificateBundle(one.CaCertificate, one.CaKey, one.Certificate, other.Key).IsGoodFor(Hosts, _clock.GetUtcNow(), TimeSpan.Zero).ShouldBeFalse();
        new CertificateBundle("", "", "", "").IsGoodFor(Hosts, _clock.GetUtcNow(), TimeSpan.Zero).ShouldBeFalse();
    }

    [Fact]
    public async Task Secret_FirstReplica_WritesAndOthersRead()
    {
        var first = await Secret().ObtainAsync(Hosts, CancellationToken.None);
        var second = await Secret().ObtainAsync(Hosts, CancellationToken.None);

        second.Certificate.ShouldBe(first.Certificate);
        _cluster.Created.ShouldBe([Reference]);
        _cluster.Peek(Reference)!.Text("type").ShouldBe("kubernetes.io/tls");
    }

    [Fact]
    public async Task Secret_AnotherReplicaIsFaster_ItsCertificateCounts()
    {
        CertificateBundle? theirs = null;
        _cluster.BeforeWrite = async _ =>
        {
            _cluster.BeforeWrite = null;
            theirs = await Secret().ObtainAsync(Hosts, CancellationToken.None);
        };

        (await Secret().ObtainAsync(Hosts, CancellationToken.None)).Certificate.ShouldBe(theirs!.Certificate);
    }

    [Fact]
    public async Task Secret_CertificateNearItsEnd_IsRenewedByTheSameCa()
    {
        var old = await Secret().ObtainAsync(Hosts, CancellationToken.None);
        _clock.Advance(TimeSpan.FromDays(340));

        var renewed = await Secret().ObtainAsync(Hosts, CancellationToken.None);

        renewed.Certificate.ShouldNotBe(old.Certificate);
        renewed.CaCertificate.ShouldBe(old.CaCertificate);
        renewed.IsGoodFor(Hosts, _clock.GetUtcNow(), CertificateSecret.RenewalMargin).ShouldBeTrue();
        (await Secret().ObtainAsync(Hosts, CancellationToken.None)).Certificate.ShouldBe(renewed.Certificate);
    }

    [Fact]
    public async Task Secret_CaNearItsEnd_IsMadeAnew()
    {
        var old = await Secret().ObtainAsync(Hosts, CancellationToken.None);
        _clock.Advance(TimeSpan.FromDays(3500));

        var renewed = await Secret().ObtainAsync(Hosts, CancellationToken.None);

        renewed.CaCertificate.ShouldNotBe(old.CaCertificate);
        renewed.IsGoodFor(Hosts, _clock.GetUtcNow(), CertificateSecret.RenewalMargin).ShouldBeTrue();
    }

    [Theory]
    [InlineData("tls.crt", "no certificate")]
    [InlineData("tls.key", "")]
    [InlineData("ca.crt", "!")]
    [InlineData("ca.key", "!")]
    public async Task Secret_BrokenEntry_IsMended(string key, string text)
    {
        await Secret().ObtainAsync(Hosts, CancellationToken.None);
        _cluster.Change(Reference, s => s["data"]![key] = Convert.ToBase64String(Encoding.UTF8.GetBytes(text)));
        _clock.Advance(key == "ca.key" ? TimeSpan.FromDays(340) : TimeSpan.Zero);

        var mended = await Secret().ObtainAsync(Hosts, CancellationToken.None);

        mended.IsGoodFor(Hosts, _clock.GetUtcNow(), CertificateSecret.RenewalMargin).ShouldBeTrue();
        (await Secret().ObtainAsync(Hosts, CancellationToken.None)).Certificate.ShouldBe(mended.Certificate);
    }

    [Fact]
    public async Task Secret_ServerThatRefuses_IsTheCallersError()
    {
        _cluster.BeforeRead = _ => throw new ClusterException(403, "Forbidden", "secrets is forbidden");

        (await Should.ThrowAsync<ClusterException>(Secret().ObtainAsync(Hosts, CancellationToken.None))).StatusCode.ShouldBe(403);
    }

    private CertificateSecret Secret() => new(_cluster, "canary", "certificate", _clock, NullLogger<CertificateSecret>.Instance);
}
