using System.Threading.Channels;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Core.Sweeping;

/// <summary>
/// The sweep of one replica among several: its share at the start, every period, and whenever another replica goes. Any replica may run any step; the Leases
/// divide this work only. Where they cannot be had, each replica sweeps as if it were the only one.
/// </summary>
public sealed class SweepDuty
{
    private static readonly TimeSpan ReleaseLimit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    private readonly IClusterClient _cluster;
    private readonly Sweeper _sweeper;
    private readonly SweepOptions _options;
    private readonly TimeSpan _period;
    private readonly bool _takesOver;
    private readonly TimeProvider _time;
    private readonly ILogger<SweepDuty> _logger;
    private readonly SweepLease _lease;
    private readonly SweepMembers _members;
    private readonly TaskCompletionSource _listed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<bool> _changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private bool _isLeaseRefused;

    /// <param name="takesOver">Messages are kept in each replica's memory, and are lost with it.</param>
    public SweepDuty(
        IClusterClient cluster, Sweeper sweeper, CanaryOptions install, SweepOptions options, bool takesOver, TimeProvider time, ILogger<SweepDuty> logger)
    {
        (_cluster, _sweeper, _options, _takesOver, _time, _logger) = (cluster, sweeper, options, takesOver, time, logger);
        _period = install.Scaled(options.Period);
        _lease = new(cluster, install, options, time);
        _members = new(options.Identity, time);
    }

    /// <summary>As the constructor, with the rest from services that have what <see cref="CoreRegistration.AddCanaryCore"/> says.</summary>
    public static SweepDuty For(IServiceProvider services, SweepOptions options, bool takesOver) => new(
        services.GetRequiredService<IClusterClient>(), services.GetRequiredService<Sweeper>(), services.GetRequiredService<CanaryOptions>(), options, takesOver,
        services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<SweepDuty>>());

    /// <summary>Until cancelled; then the Lease is given back.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        await Task.WhenAll(RenewAsync(ct), FollowAsync(ct), SweepAsync(ct)).ConfigureAwait(false);
        using var limit = new CancellationTokenSource(ReleaseLimit, _time);
        try
        {
            await _lease.ReleaseAsync(limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ClusterException or OperationCanceledException)
        {
            _logger.SweepLeaseKept(_options.Identity, e.Message);
        }
    }

    private async Task RenewAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await _lease.RenewAsync(ct).ConfigureAwait(false);
                foreach (var (name, uid) in _members.LongDead())
                {
                    await _lease.ForgetAsync(name, uid, ct).ConfigureAwait(false);
                }

                _isLeaseRefused = false;
            }
            catch (Exception e) when (!ct.IsCancellationRequested && e is not OutOfMemoryException)
            {
                Refused(e);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await PauseAsync(_options.Renewal, ct).ConfigureAwait(false);
        }
    }

    private async Task FollowAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await foreach (var change in _cluster.WatchAsync(Kinds.Lease, _options.LeaseNamespace, _lease.Fellows, ct).ConfigureAwait(false))
                {
                    var before = _members.Live();
                    _members.Apply(change);
                    if (change.Type == WatchEventType.Synced)
                    {
                        _listed.TrySetResult();
                    }

                    if (!before.SequenceEqual(_members.Live()))
                    {
                        _changed.Writer.TryWrite(true);
                    }
                }
            }
            catch (Exception e) when (!ct.IsCancellationRequested && e is not OutOfMemoryException)
            {
                Refused(e);
                _listed.TrySetResult();
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await PauseAsync(RetryAfter, ct).ConfigureAwait(false);
        }
    }

    private async Task SweepAsync(CancellationToken ct)
    {
        await _listed.Task.WaitAsync(_options.Patience, _time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var (known, isLost, due) = (_members.Live(), true, _time.Steady());
        _logger.SweepBegins(_options.Identity, known.Count);
        while (!ct.IsCancellationRequested)
        {
            var live = _members.Live();
            if (known.Except(live).Any())
            {
                _logger.SweeperLost(string.Join(", ", known.Except(live)), live.Count);
                (isLost, due) = (true, _time.Steady());
            }

            known = live;
            if (due <= _time.Steady())
            {
                var isDone = await TrySweepAsync(SweepShare.Of(_options.Identity, live), isLost, ct).ConfigureAwait(false);
                (isLost, due) = (isLost && !isDone, _time.Steady() + (isDone || _period < RetryAfter ? _period : RetryAfter));
            }

            await WaitAsync(_members.NextEnd() is { } end && end < due ? end : due, ct).ConfigureAwait(false);
        }
    }

    private async Task<bool> TrySweepAsync(SweepShare share, bool isLost, CancellationToken ct)
    {
        try
        {
            await _sweeper.SweepAsync(isLost && _takesOver ? share.TakingOver() : share, ct).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (!ct.IsCancellationRequested && e is not OutOfMemoryException)
        {
            _logger.SweepFailed(e);
            return false;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    // Once for each time that it begins to fail: the renewal comes every few seconds.
    private void Refused(Exception error)
    {
        if (!_isLeaseRefused)
        {
            _isLeaseRefused = true;
            _logger.SweepLeaseRefused(_options.LeaseNamespace, error.Message);
        }
    }

    private async Task WaitAsync(TimeSpan until, CancellationToken ct)
    {
        var left = until - _time.Steady();
        using var limit = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        await ((Task)_changed.Reader.ReadAsync(either.Token).AsTask()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task PauseAsync(TimeSpan delay, CancellationToken ct)
        => await Task.Delay(delay, _time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
