using System.Collections.Concurrent;
using CanaryFunctions.Prometheus.Tests.History;
using CanaryFunctions.Prometheus.Tests.Queries;
using CanaryFunctions.Simulator.Metrics;
using CanaryFunctions.Simulator.Metrics.Api;
using CanaryFunctions.Simulator.Network;
using Microsoft.Extensions.Logging.Abstractions;

namespace CanaryFunctions.Prometheus.Tests.Servers;

/// <summary>A real Prometheus and ours with the same samples. Started when first asked, so that tests without the programs cost nothing.</summary>
public sealed class ServerPair : IAsyncLifetime
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(30) };
    private readonly Lazy<Task<(RealPrometheus Real, QueryServer Ours)>> _servers = new(StartAsync);

    /// <summary>Asks both every query at every instant; one comparison each, in that order.</summary>
    internal async Task<IReadOnlyList<Comparison>> CompareAsync(IReadOnlyList<TestQuery> queries, IReadOnlyList<long> instantsMs)
    {
        var (real, ours) = await _servers.Value;
        var answers = new ConcurrentDictionary<int, Comparison>();
        var cases = queries.SelectMany(q => instantsMs.Select(at => (Query: q, At: at))).ToList();
        await Parallel.ForEachAsync(cases.Index(), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (one, ct) =>
        {
            var (query, at) = one.Item;
            var theirs = Answer.AskAsync(Http, real.Address, query.Text, at, ct);
            answers[one.Index] = new(query, at, await Answer.AskAsync(Http, new Uri(ours.Target.Prefix), query.Text, at, ct), await theirs);
        });
        return [.. Enumerable.Range(0, cases.Count).Select(i => answers[i])];
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_servers.IsValueCreated)
        {
            var (real, ours) = await _servers.Value;
            await real.DisposeAsync();
            await ours.DisposeAsync();
        }
    }

    private static async Task<(RealPrometheus Real, QueryServer Ours)> StartAsync()
    {
        var store = new TimeSeriesStore();
        foreach (var series in RecordedHistory.Series)
        {
            foreach (var sample in series.Samples)
            {
                store.Append(series.Labels, sample.TimeMs, sample.Value).ShouldBeTrue($"{series.Labels} at {sample.TimeMs}");
            }
        }

        var ours = await QueryServer.StartAsync(store, new PrometheusApiOptions { Time = TimeProvider.System }, NullLoggerFactory.Instance, CancellationToken.None);
        return (await RealPrometheus.StartAsync(RecordedHistory.Series), ours);
    }
}
