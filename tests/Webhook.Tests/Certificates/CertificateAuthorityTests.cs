using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CanaryFunctions.TestKit;
using CanaryFunctions.Webhook.Certificates;

namespace CanaryFunctions.Webhook.Tests.Certificates;

public sealed class CertificateAuthorityTests
{
    private static readonly string[] Hosts = ["canary-webhook.canary.svc", "127.0.0.1"];
    private static readonly TimeSpan Year = TimeSpan.FromDays(365);

    private readonly FakeClock _clock = new();

    [Fact]
    public void Issue_Leaf_IsForExactlyTheHosts()
    {
        var state = State(Ca());

        state.CanServe(Hosts, _clock.GetUtcNow()).ShouldBeTrue();
        state.CanServe(["localhost"], _clock.GetUtcNow()).ShouldBeFalse();
        state.CanServe(Hosts, _clock.GetUtcNow() + Year).ShouldBeFalse();
    }

    [Fact]
    public void Issue_Leaf_IsAServerCertificateAndNoCa()
    {
        using var leaf = State(Ca()).Leaf.Load();

        leaf.HasPrivateKey.ShouldBeTrue();
        leaf.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority.ShouldBeFalse();
        leaf.Extensions.OfType<X509EnhancedKeyUsageExtension>().Single().EnhancedKeyUsages.Cast<Oid>().Single().Value.ShouldBe("1.3.6.1.5.5.7.3.1");
        leaf.GetECDsaPublicKey()!.KeySize.ShouldBe(256);
        var names = leaf.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single();
        names.EnumerateDnsNames().Concat(names.EnumerateIPAddresses().Select(a => a.ToString())).ShouldBe(Hosts, ignoreOrder: true);
    }

    [Fact]
    public void Issue_CaNearItsEnd_GivesALeafThatEndsWithIt()
    {
        var ca = CertificateAuthority.Create(_clock.GetUtcNow(), TimeSpan.FromDays(10));

        var leaf = CertificateAuthority.Issue(ca, Hosts, _clock.GetUtcNow(), Year);

        leaf.EndsAt().ShouldBe(ca.EndsAt());
    }

    [Fact]
    public void CanServe_WhatDoesNotBelongTogether_IsFalse()
    {
        var (one, other) = (State(Ca()), State(Ca()));

        new TrustState(other.Ca, one.Leaf).CanServe(Hosts, _clock.GetUtcNow()).ShouldBeFalse();
        new TrustState(one.Ca, new(one.Leaf.Certificate, other.Leaf.Key)).CanServe(Hosts, _clock.GetUtcNow()).ShouldBeFalse();
        new TrustState(new("", ""), new("", "")).CanServe(Hosts, _clock.GetUtcNow()).ShouldBeFalse();
    }

    [Fact]
    public void Create_TwoCas_HaveNamesOfTheirOwn()
    {
        using var one = Ca().Load();
        using var other = Ca().Load();

        one.Subject.ShouldStartWith("CN=canary-functions webhook CA ");
        one.Subject.ShouldNotBe(other.Subject);
    }

    [Fact]
    public void Bundle_FromAnnouncedToUsed_DoesNotChange()
    {
        var (old, next) = (Ca(), Ca());
        var announced = new TrustState(old, State(old).Leaf, next);
        var used = new TrustState(next, State(next).Leaf, null, old.Certificate);

        used.Bundle.ShouldBe(announced.Bundle);
        announced.Bundle.Split("BEGIN CERTIFICATE").Length.ShouldBe(3);
    }

    private PemPair Ca() => CertificateAuthority.Create(_clock.GetUtcNow(), 10 * Year);

    private TrustState State(PemPair ca) => new(ca, CertificateAuthority.Issue(ca, Hosts, _clock.GetUtcNow(), Year));
}
