using System.Security.Cryptography;

namespace CanaryFunctions.Webhook.Certificates;

/// <summary>
/// A certificate that somebody else puts into a folder, such as cert-manager through a mounted Secret. Read again and again: a watch on the files would miss the
/// way kubelets swap them, by a symbolic link above them.
/// </summary>
internal sealed class FolderTrust(string folder, ILogger<FolderTrust> logger) : ITrustSource
{
    private volatile Trust? _last;
    private string? _refused;

    public bool IsChanging => false;

    public Task<Trust> RefreshAsync(CancellationToken ct)
    {
        var (trust, problem) = Read();
        if (trust is not null)
        {
            _last = trust;
        }
        else if (_last is null)
        {
            throw new CertificateException(problem);
        }
        else if (problem != _refused)
        {
            // Half of a swap, or a mistake: what was good is served on.
            logger.FolderRefused(problem);
        }

        _refused = trust is null ? problem : null;
        return Task.FromResult(_last);
    }

    public Task ReportAsync(CancellationToken ct) => Task.CompletedTask;

    public Task<bool> AdvanceAsync(bool isAnnounced, CancellationToken ct) => Task.FromResult(false);

    public Task EndAsync(CancellationToken ct) => Task.CompletedTask;

    /// <summary>Reads the folder at every interval until cancelled, and tells when it holds something else than what is in use.</summary>
    public async Task PollAsync(TimeSpan interval, TimeProvider time, Action changed, CancellationToken ct)
    {
        using var clock = new PeriodicTimer(interval, time);
        try
        {
            while (await clock.WaitForNextTickAsync(ct))
            {
                if (Read().Trust is not { } trust || trust.Leaf.Certificate != _last?.Leaf.Certificate || trust.Bundle != _last.Bundle)
                {
                    changed();
                }
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The end.
        }
    }

    private (Trust? Trust, string Problem) Read()
    {
        try
        {
            var pair = new PemPair(Text("tls.crt"), Text("tls.key"));
            using var loaded = pair.Load();
            return (new(pair, File.Exists(PathOf("ca.crt")) ? $"{Text("ca.crt").Trim()}\n" : null), "");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, $"webhook-certificate-folder: '{folder}' cannot be read: {e.Message}");
        }
        catch (CryptographicException)
        {
            return (null, $"webhook-certificate-folder: '{folder}' holds no matching tls.crt and tls.key in PEM.");
        }
    }

    private string PathOf(string file) => Path.Combine(folder, file);

    private string Text(string file) => File.ReadAllText(PathOf(file));
}
