using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Platform.Kubernetes;

/// <summary>What the cluster serves. Asked at most once a minute, by one request at a time.</summary>
internal sealed class Discovery(ApiCaller caller, KubernetesClientOptions options, TimeProvider time) : IDisposable
{
    /// <summary>"Not served" is believed for less long than "served": a definition that is applied now is wanted now.</summary>
    private static readonly TimeSpan MissAge = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private ServedKinds? _cached;
    private DateTimeOffset _readAt;

    public Task<ServedKinds> SnapshotAsync(CancellationToken ct) => ReadAsync(options.DiscoveryAge, ct);

    public async Task<ResourceKind?> FindAsync(string group, string kind, CancellationToken ct)
        => (await SnapshotAsync(ct)).Find(group, kind)
            ?? (await ReadAsync(options.DiscoveryAge < MissAge ? options.DiscoveryAge : MissAge, ct)).Find(group, kind);

    public void Dispose() => _gate.Dispose();

    private async Task<ServedKinds> ReadAsync(TimeSpan maxAge, CancellationToken ct)
    {
        await _gate.WaitAsync(ct);
        try
        {
            if (_cached is null || time.GetUtcNow() - _readAt >= maxAge)
            {
                _cached = await AskAsync(ct);
                _readAt = time.GetUtcNow();
            }

            return _cached;
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<ServedKinds> AskAsync(CancellationToken ct)
    {
        var core = (await caller.ReadAsync("/api", DiscoveryAnswers.AcceptAggregated, ct)).Object();
        var groups = (await caller.ReadAsync("/apis", DiscoveryAnswers.AcceptAggregated, ct)).Object();
        var unknown = new Dictionary<string, string>(StringComparer.Ordinal);
        var served = new List<ResourceKind>();
        if (DiscoveryAnswers.IsAggregated(core))
        {
            served.AddRange(DiscoveryAnswers.Aggregated(core));
        }
        else
        {
            var versions = core.ListAt("versions").Select(v => v.Text()).OfType<string>().Select(v => ("", v));
            served.AddRange(await AskEachAsync(versions, unknown, ct));
        }

        if (DiscoveryAnswers.IsAggregated(groups))
        {
            served.AddRange(DiscoveryAnswers.Aggregated(groups));
            foreach (var group in DiscoveryAnswers.Stale(groups))
            {
                unknown[group] = "its API server does not answer.";
            }
        }
        else
        {
            served.AddRange(await AskEachAsync(DiscoveryAnswers.Versions(groups), unknown, ct));
        }

        return new ServedKinds(served, unknown);
    }

    private async Task<List<ResourceKind>> AskEachAsync(IEnumerable<(string Group, string Version)> versions, Dictionary<string, string> unknown, CancellationToken ct)
    {
        var served = new List<ResourceKind>();
        var answers = await Task.WhenAll(versions.Select(async v => (v.Group, v.Version, Answer: await AskAsync(v.Group, v.Version, ct))));
        foreach (var (group, version, answer) in answers)
        {
            if (answer.IsSuccess)
            {
                served.AddRange(DiscoveryAnswers.Resources(answer.Object(), group, version));
            }
            else if (!answer.IsNotFound)
            {
                unknown[group] = answer.Error().Message;
            }
        }

        return served;
    }

    private Task<ApiAnswer> AskAsync(string group, string version, CancellationToken ct)
        => caller.ReadAsync(group.Length == 0 ? $"/api/{version}" : $"/apis/{group}/{version}", ApiPaths.Json, ct);
}
