using CanaryFunctions.TestKit;
using CanaryFunctions.Webhook.Certificates;

namespace CanaryFunctions.Webhook.Tests.Certificates;

public sealed class TrustRotationTests
{
    private static readonly string[] Hosts = ["canary-webhook.canary.svc"];
    private static readonly CertificateOptions Options = new();

    private readonly FakeClock _clock = new();
    private readonly TrustRotation _rotation = new(Options, Hosts);

    private DateTimeOffset Now => _clock.GetUtcNow();

    [Fact]
    public void Next_AllYoung_IsNothing()
    {
        var state = _rotation.Create(Now);

        Next(state).ShouldBeNull();
        Next(state, isAnnounced: true, isServed: true).ShouldBeNull();
    }

    [Fact]
    public void Next_LeafNearItsEnd_IsANewOneOfTheSameCa()
    {
        var old = _rotation.Create(Now);
        _clock.Advance(TimeSpan.FromDays(334));
        Next(old).ShouldBeNull();
        _clock.Advance(TimeSpan.FromDays(2));

        var next = Next(old).ShouldNotBeNull();

        next.Fingerprint.ShouldNotBe(old.Fingerprint);
        next.Bundle.ShouldBe(old.Bundle);
        next.CanServe(Hosts, Now + TimeSpan.FromDays(360)).ShouldBeTrue();
        Next(next).ShouldBeNull();
    }

    [Fact]
    public void Next_CaNearItsEnd_ChangesInThreeSteps()
    {
        var old = Old();

        var announced = Next(old).ShouldNotBeNull();
        announced.Fingerprint.ShouldBe(old.Fingerprint, "the certificate of the old CA is served on");
        announced.Bundle.ShouldStartWith(old.Bundle);
        announced.Bundle.ShouldNotBe(old.Bundle);
        Next(announced, isServed: true).ShouldBeNull("an API server may not have heard of the new CA");

        var used = Next(announced, isAnnounced: true).ShouldNotBeNull();
        used.CanServe(Hosts, Now).ShouldBeTrue();
        used.Ca.Certificate.ShouldBe(announced.NextCa!.Certificate);
        used.Bundle.ShouldBe(announced.Bundle, "a replica may still serve the old certificate");
        Next(used, isAnnounced: true).ShouldBeNull();

        var done = Next(used, isServed: true).ShouldNotBeNull();
        done.Bundle.ShouldBe($"{used.Ca.Certificate}\n");
        Next(done, isAnnounced: true, isServed: true).ShouldBeNull();
    }

    [Fact]
    public void Next_FormerCaThatHasEnded_GoesWhoeverIsSilent()
    {
        var used = Next(Next(Old())!, isAnnounced: true)!;
        _clock.Advance(TimeSpan.FromDays(360));

        Next(used).ShouldNotBeNull().FormerCa.ShouldBeNull();
    }

    [Fact]
    public void Next_FormerCaStillTrusted_WaitsWithTheNextChange()
    {
        var used = Next(Next(Old())!, isAnnounced: true)!;
        var both = new TrustState(used.Ca, used.Leaf, CertificateAuthority.Create(Now, Options.CaLifetime), used.FormerCa);

        Next(both, isAnnounced: true).ShouldBeNull();
        Next(both, isAnnounced: true, isServed: true).ShouldNotBeNull().NextCa.ShouldNotBeNull();
    }

    [Fact]
    public void Next_CaWithoutItsKey_IsChanged()
    {
        var state = _rotation.Create(Now);
        var keyless = new TrustState(new(state.Ca.Certificate, "!"), state.Leaf);

        var announced = Next(keyless).ShouldNotBeNull();

        announced.NextCa.ShouldNotBeNull();
        Next(announced, isAnnounced: true)!.CanServe(Hosts, Now).ShouldBeTrue();
    }

    [Fact]
    public void Next_AnnouncedCaThatIsGarbage_IsDroppedAndMadeAnew()
    {
        var old = Old();
        var dropped = Next(new TrustState(old.Ca, old.Leaf, new("!", "!")), isAnnounced: true).ShouldNotBeNull();

        dropped.NextCa.ShouldBeNull();
        Next(dropped)!.NextCa!.EndsAt().ShouldNotBeNull();
    }

    [Fact]
    public void Repair_CaUsable_KeepsIt()
    {
        var state = _rotation.Create(Now);
        _clock.Advance(TimeSpan.FromDays(400));

        var repaired = _rotation.Repair(state, Now);

        repaired.Bundle.ShouldBe(state.Bundle, "API servers trust it already");
        repaired.CanServe(Hosts, Now).ShouldBeTrue();
    }

    [Fact]
    public void Repair_CaEndedOrGarbage_BeginsAnew()
    {
        var state = _rotation.Create(Now);

        _rotation.Repair(new(new("!", "!"), state.Leaf), Now).CanServe(Hosts, Now).ShouldBeTrue();
        _clock.Advance(TimeSpan.FromDays(4000));
        _rotation.Repair(state, Now).CanServe(Hosts, Now).ShouldBeTrue();
    }

    [Fact]
    public void Restore_LostState_ServesOnAndAnnouncesANewCa()
    {
        var served = _rotation.Create(Now);

        var restored = _rotation.Restore(served, Now);

        restored.Fingerprint.ShouldBe(served.Fingerprint);
        restored.NextCa.ShouldNotBeNull();
        restored.Bundle.ShouldStartWith(served.Bundle);
    }

    [Fact]
    public void Rotation_OverTwentyYears_IsAlwaysServable()
    {
        var state = _rotation.Create(Now);
        for (var day = 0; day < 20 * 365; day += 29)
        {
            for (var step = 0; Next(state, isAnnounced: true, isServed: true) is { } next; step++)
            {
                step.ShouldBeLessThan(5, "each change comes to an end");
                state = next;
            }

            _clock.Advance(TimeSpan.FromDays(29));
            state.CanServe(Hosts, Now).ShouldBeTrue($"on day {day}");
        }
    }

    // A CA that ends before a new leaf of it would.
    private TrustState Old()
    {
        var ca = CertificateAuthority.Create(Now, TimeSpan.FromDays(200));
        return new(ca, CertificateAuthority.Issue(ca, Hosts, Now, Options.LeafLifetime));
    }

    private TrustState? Next(TrustState state, bool isAnnounced = false, bool isServed = false) => _rotation.Next(state, Now, isAnnounced, isServed);
}
