using CanaryFunctions.TestKit;
using CanaryFunctions.Webhook.Certificates;
using Microsoft.Extensions.Logging.Abstractions;

namespace CanaryFunctions.Webhook.Tests.Certificates;

public sealed class FolderTrustTests : IDisposable
{
    private readonly FakeClock _clock = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("certificates");
    private readonly FolderTrust _source;

    public FolderTrustTests() => _source = new(_folder.FullName, NullLogger<FolderTrust>.Instance);

    [Fact]
    public async Task Refresh_Folder_IsServedAsItStands()
    {
        var (ca, leaf) = Put();

        var trust = await _source.RefreshAsync(default);

        trust.Leaf.Certificate.ShouldBe(leaf.Certificate);
        trust.Bundle.ShouldBe($"{ca.Certificate}\n");
    }

    [Fact]
    public async Task Refresh_WithoutACa_LeavesTrustToOthers()
    {
        Put();
        File.Delete(PathOf("ca.crt"));

        (await _source.RefreshAsync(default)).Bundle.ShouldBeNull();
    }

    [Fact]
    public async Task Refresh_NothingUsableAtTheStart_SaysWhereAndWhat()
    {
        (await Should.ThrowAsync<CertificateException>(() => _source.RefreshAsync(default))).Message.ShouldStartWith($"webhook-certificate-folder: '{_folder.FullName}' cannot be read: ");
        Put();
        File.WriteAllText(PathOf("tls.key"), Pair().Leaf.Key);

        var refused = await Should.ThrowAsync<CertificateException>(() => _source.RefreshAsync(default));

        refused.Message.ShouldBe($"webhook-certificate-folder: '{_folder.FullName}' holds no matching tls.crt and tls.key in PEM.");
    }

    [Fact]
    public async Task Refresh_HalfOfASwap_ServesTheFormerOn()
    {
        var (_, old) = Put();
        await _source.RefreshAsync(default);
        var (_, next) = Pair();

        File.WriteAllText(PathOf("tls.crt"), next.Certificate);
        (await _source.RefreshAsync(default)).Leaf.Certificate.ShouldBe(old.Certificate);
        File.WriteAllText(PathOf("tls.key"), next.Key);
        (await _source.RefreshAsync(default)).Leaf.Certificate.ShouldBe(next.Certificate);
    }

    [Fact]
    public async Task Poll_AnotherCertificate_IsTold()
    {
        Put();
        await _source.RefreshAsync(default);
        using var stop = new CancellationTokenSource();
        var told = 0;
        var poll = _source.PollAsync(TimeSpan.FromSeconds(10), _clock, () => Interlocked.Increment(ref told), stop.Token);
        _clock.Advance(TimeSpan.FromSeconds(10));
        told.ShouldBe(0);

        Put();

        await _clock.AdvanceUntilAsync(Eventually.IsTrueAsync(() => Volatile.Read(ref told) > 0), TimeSpan.FromSeconds(10));
        await stop.CancelAsync();
        await poll;
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string PathOf(string file) => Path.Combine(_folder.FullName, file);

    private (PemPair Ca, PemPair Leaf) Pair()
    {
        var ca = CertificateAuthority.Create(_clock.GetUtcNow(), TimeSpan.FromDays(100));
        return (ca, CertificateAuthority.Issue(ca, ["127.0.0.1"], _clock.GetUtcNow(), TimeSpan.FromDays(90)));
    }

    private (PemPair Ca, PemPair Leaf) Put()
    {
        var (ca, leaf) = Pair();
        File.WriteAllText(PathOf("tls.crt"), leaf.Certificate);
        File.WriteAllText(PathOf("tls.key"), leaf.Key);
        File.WriteAllText(PathOf("ca.crt"), ca.Certificate);
        return (ca, leaf);
    }
}
