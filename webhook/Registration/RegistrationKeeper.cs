using System.Threading.Channels;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Webhook.Certificates;

namespace CanaryFunctions.Webhook.Registration;

/// <summary>
/// Keeps certificate and registration as they should be: looks at both when a watch tells of a change, when the time has come, and while a change of CA is under
/// way. Each look is the same and begins with reading, so that any replica can take any step.
/// </summary>
internal sealed class RegistrationKeeper(
    ITrustSource source, ServingCertificate serving, WebhookOptions options, KeeperState state, TimeProvider time, ILogger<RegistrationKeeper> logger)
{
    // Announced, served, former gone, and a renewal on top.
    private const int MaxSteps = 6;

    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(5);

    private readonly Channel<bool> _wakes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private Registrar? _registrar;
    private string? _bundle;
    private DateTimeOffset _standsSince;

    /// <summary>Look soon.</summary>
    public void Wake() => _wakes.Writer.TryWrite(true);

    /// <summary>Serves a certificate, registered or not: without one there is no listening, and without listening no address to register.</summary>
    /// <exception cref="ClusterException">The API server refuses or cannot be reached.</exception>
    /// <exception cref="CertificateException">There is nothing that could be served.</exception>
    public async Task PrepareAsync(CancellationToken ct) => await ServeAsync(ct);

    /// <summary>Registers, and goes on keeping the registration from <see cref="RunAsync"/> on.</summary>
    /// <param name="registrar">Null when somebody else registers this webhook.</param>
    /// <exception cref="ClusterException">The API server refuses or cannot be reached.</exception>
    public async Task StartAsync(Registrar? registrar, CancellationToken ct)
    {
        _registrar = registrar;
        await LookAsync(ct);
    }

    /// <summary>Until cancelled.</summary>
    public async Task RunAsync(ChangeWatches watches, CancellationToken ct)
    {
        var delay = TimeSpan.Zero;
        while (await PauseAsync(delay, ct))
        {
            await watches.EnsureRunningAsync(ct);
            delay = await TryLookAsync(ct);
        }

        await watches.EndAsync();
    }

    /// <summary>After <see cref="RunAsync"/> has ended: takes back what must not stay behind. Failing is logged: the process ends anyway.</summary>
    /// <param name="registrar">Null when the registration stays.</param>
    public async Task EndAsync(Registrar? registrar, CancellationToken ct)
    {
        await (registrar?.RemoveAsync(ct) ?? Task.CompletedTask);
        try
        {
            await source.EndAsync(ct);
        }
        catch (Exception e) when (e is ClusterException or OperationCanceledException)
        {
            logger.LeaseLeft(e);
        }
    }

    private async Task<TimeSpan> TryLookAsync(CancellationToken ct)
    {
        try
        {
            await LookAsync(ct);
            return source.IsChanging ? Min(options.Certificates.Propagation / 6, options.Resync) : options.Resync;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return TimeSpan.Zero;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Whatever it is: the certificate in use is served on, and the next look may go better.
            var delay = Min(AfterFailure, options.Resync);
            state.Failed(e.Message);
            logger.LookFailed(e, delay);
            return delay;
        }
    }

    private async Task LookAsync(CancellationToken ct)
    {
        for (var step = 0; step < MaxSteps; step++)
        {
            var trust = await ServeAsync(ct);
            await source.ReportAsync(ct);
            var result = _registrar is null ? RegistrationResult.Stood : await _registrar.ApplyAsync(trust.Bundle, ct);
            Note(trust.Bundle, result);
            state.Looked(time.GetUtcNow(), result != RegistrationResult.Taken);
            if (!await source.AdvanceAsync(time.GetUtcNow() - _standsSince >= options.Certificates.Propagation, ct))
            {
                return;
            }
        }
    }

    private async Task<Trust> ServeAsync(CancellationToken ct)
    {
        var trust = await source.RefreshAsync(ct);
        if (serving.Use(trust.Leaf))
        {
            logger.CertificateServed(trust.Leaf.EndsAt() ?? default);
        }

        state.Serves(trust);
        return trust;
    }

    // What had to be written again, somebody had overwritten: API servers may have seen it without the bundle.
    private void Note(string? bundle, RegistrationResult result)
    {
        if (_bundle != bundle || result == RegistrationResult.Written)
        {
            (_bundle, _standsSince) = (bundle, time.GetUtcNow());
        }
    }

    // Changes come in bursts, our own writes among them: they gather before the next look.
    private async Task<bool> PauseAsync(TimeSpan delay, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(delay, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        try
        {
            await _wakes.Reader.WaitToReadAsync(either.Token);
            await Task.Delay(options.Gather, time, ct);
            while (_wakes.Reader.TryRead(out _))
            {
            }
        }
        catch (OperationCanceledException)
        {
            // Either the time has come, or the end.
        }

        return !ct.IsCancellationRequested;
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
