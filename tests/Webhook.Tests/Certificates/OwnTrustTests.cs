using System.Text;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.TestKit;
using CanaryFunctions.Webhook.Certificates;
using Microsoft.Extensions.Logging.Abstractions;

namespace CanaryFunctions.Webhook.Tests.Certificates;

public sealed class OwnTrustTests
{
    private static readonly WebhookOptions Options = new() { Outside = false, OwnNamespace = "canary", Hosts = ["canary-webhook.canary.svc"] };
    private static readonly ObjectRef Secret = new(Kinds.Secret, "canary", "canary-webhook-certificate");

    private readonly FakeClock _clock = new();
    private readonly FakeCluster _cluster;

    public OwnTrustTests() => _cluster = new(_clock);

    [Fact]
    public async Task Refresh_FirstReplica_WritesAndOthersRead()
    {
        var first = await Replica("a").RefreshAsync(default);
        var second = await Replica("b").RefreshAsync(default);

        second.Leaf.Certificate.ShouldBe(first.Leaf.Certificate);
        second.Bundle.ShouldBe(first.Bundle);
        _cluster.Created.Count(c => c == Secret).ShouldBe(1);
        _cluster.Peek(Secret)!.Text("type").ShouldBe("kubernetes.io/tls");
    }

    [Fact]
    public async Task Refresh_AnotherReplicaIsFaster_ItsCertificateCounts()
    {
        Trust? theirs = null;
        _cluster.BeforeWrite = async what =>
        {
            if (what.StartsWith("create", StringComparison.Ordinal) && what.Contains("secret", StringComparison.OrdinalIgnoreCase))
            {
                _cluster.BeforeWrite = null;
                theirs = await Replica("b").RefreshAsync(default);
            }
        };

        (await Replica("a").RefreshAsync(default)).Leaf.Certificate.ShouldBe(theirs!.Leaf.Certificate);
    }

    [Theory]
    [InlineData("tls.crt", "no certificate")]
    [InlineData("tls.key", "")]
    [InlineData("ca.crt", "!")]
    public async Task Refresh_BrokenEntryAtTheStart_IsMended(string key, string text)
    {
        await Replica("a").RefreshAsync(default);
        Break(key, text);

        var mended = await Replica("b").RefreshAsync(default);

        (await Replica("c").RefreshAsync(default)).Leaf.Certificate.ShouldBe(mended.Leaf.Certificate);
        mended.Leaf.EndsAt().ShouldBe(_clock.GetUtcNow() + Options.Certificates.LeafLifetime);
    }

    [Fact]
    public async Task Refresh_EndedAtTheStart_IsRenewedByTheSameCa()
    {
        var old = await Replica("a").RefreshAsync(default);
        _clock.Advance(TimeSpan.FromDays(500));

        var renewed = await Replica("b").RefreshAsync(default);

        renewed.Leaf.EndsAt().ShouldBe(_clock.GetUtcNow() + Options.Certificates.LeafLifetime);
        renewed.Bundle.ShouldBe(old.Bundle);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Refresh_SecretGoneOrGarbageWhileRunning_ServesOnAndChangesTheCaInTheOpen(bool isGone)
    {
        var replica = Replica("a");
        var served = await replica.RefreshAsync(default);
        await replica.ReportAsync(default);
        if (isGone)
        {
            _cluster.Remove(Secret);
        }
        else
        {
            Break("tls.crt", "garbage");
            Break("ca.crt", "garbage");
        }

        var after = await replica.RefreshAsync(default);

        after.Leaf.Certificate.ShouldBe(served.Leaf.Certificate);
        after.Bundle!.ShouldStartWith(served.Bundle!);
        replica.IsChanging.ShouldBeTrue();
        (await Replica("b").RefreshAsync(default)).Leaf.Certificate.ShouldBe(served.Leaf.Certificate);
    }

    [Fact]
    public async Task Advance_ReplicaThatServesTheFormer_KeepsTheFormerCa()
    {
        var (a, b) = (Replica("a"), Replica("b"));
        await ServeAsync(a, b);
        _cluster.Remove(Secret);
        await ServeAsync(a, b);
        (await a.AdvanceAsync(isAnnounced: true, default)).ShouldBeTrue();

        await ServeAsync(a);
        (await a.AdvanceAsync(true, default)).ShouldBeFalse("b serves a certificate of the former CA");
        await ServeAsync(b);
        (await a.AdvanceAsync(true, default)).ShouldBeTrue();

        await ServeAsync(a);
        a.IsChanging.ShouldBeFalse();
    }

    [Fact]
    public async Task Advance_ReplicaThatDied_IsNotWaitedForLongerThanItsLease()
    {
        var (a, dead) = (Replica("a"), Replica("dead"));
        await ServeAsync(a, dead);
        _cluster.Remove(Secret);
        await ServeAsync(a);
        await a.AdvanceAsync(true, default);
        await ServeAsync(a);
        (await a.AdvanceAsync(true, default)).ShouldBeFalse();

        _clock.Advance(Options.Certificates.ReplicaTimeout + TimeSpan.FromSeconds(1));
        await ServeAsync(a);

        (await a.AdvanceAsync(true, default)).ShouldBeTrue();
    }

    [Fact]
    public async Task Advance_ReplicaThatStarts_IsWaitedForBeforeItServes()
    {
        var (a, b) = (Replica("a"), Replica("b"));
        await ServeAsync(a);
        await b.RefreshAsync(default); // has read the certificate of the old CA, and does not serve it yet
        _cluster.Remove(Secret);
        await ServeAsync(a);
        await a.AdvanceAsync(true, default);
        await ServeAsync(a);

        (await a.AdvanceAsync(true, default)).ShouldBeFalse();
        await b.EndAsync(default);
        (await a.AdvanceAsync(true, default)).ShouldBeTrue();
    }

    [Fact]
    public async Task Advance_AnotherReplicaTookTheStep_LooksAgain()
    {
        var (a, b) = (Replica("a"), Replica("b"));
        await ServeAsync(a, b);
        _cluster.Remove(Secret);
        await ServeAsync(a, b);

        (await a.AdvanceAsync(true, default)).ShouldBeTrue();
        (await b.AdvanceAsync(true, default)).ShouldBeTrue();

        (await b.RefreshAsync(default)).Leaf.Certificate.ShouldBe((await a.RefreshAsync(default)).Leaf.Certificate);
    }

    [Fact]
    public async Task Begin_LeaseOfAReplicaLongDead_IsTakenAway()
    {
        await ServeAsync(Replica("dead"));
        _clock.Advance(Options.Certificates.ReplicaTimeout * 9);
        await Replica("a").RefreshAsync(default);
        _cluster.PeekAll(Kinds.Lease).Select(l => l.Name()).ShouldBe(["canary-webhook-dead", "canary-webhook-a"]);
        _clock.Advance(Options.Certificates.ReplicaTimeout * 2);

        await Replica("b").RefreshAsync(default);

        _cluster.PeekAll(Kinds.Lease).Select(l => l.Name()).ShouldBe(["canary-webhook-a", "canary-webhook-b"], ignoreOrder: true);
    }

    [Fact]
    public async Task Refresh_ServerThatRefuses_IsTheCallersError()
    {
        _cluster.BeforeRead = what => what.Contains("secret", StringComparison.OrdinalIgnoreCase) ? throw new ClusterException(403, "Forbidden", "secrets is forbidden") : Task.CompletedTask;

        (await Should.ThrowAsync<ClusterException>(Replica("a").RefreshAsync(default))).StatusCode.ShouldBe(403);
    }

    [Fact]
    public async Task Memory_OneProcess_ChangesItsCaByItself()
    {
        var options = Options with { Certificates = new() { CaLifetime = TimeSpan.FromDays(800), LeafLifetime = TimeSpan.FromDays(300) } };
        var source = new OwnTrust(options, null, null, _clock, NullLogger<OwnTrust>.Instance);
        var old = await source.RefreshAsync(default);
        _clock.Advance(TimeSpan.FromDays(480));

        (await source.AdvanceAsync(false, default)).ShouldBeTrue("announced, for the CA would end before a new leaf");
        (await source.AdvanceAsync(true, default)).ShouldBeTrue("served");
        (await source.AdvanceAsync(true, default)).ShouldBeTrue("and the former gone");

        (await source.RefreshAsync(default)).Bundle.ShouldNotBe(old.Bundle);
        _cluster.Requests.ShouldBeEmpty();
    }

    private static async Task ServeAsync(params OwnTrust[] replicas)
    {
        foreach (var replica in replicas)
        {
            await replica.RefreshAsync(default);
            await replica.ReportAsync(default);
        }
    }

    private void Break(string key, string text) => _cluster.Change(Secret, s => s["data"]![key] = Convert.ToBase64String(Encoding.UTF8.GetBytes(text)));

    private OwnTrust Replica(string name)
    {
        var options = Options with { Identity = name };
        return new(
            options,
            new(_cluster, "canary", options.SecretName, NullLogger<CertificateSecret>.Instance),
            new(_cluster, options, _clock),
            _clock,
            NullLogger<OwnTrust>.Instance);
    }
}
