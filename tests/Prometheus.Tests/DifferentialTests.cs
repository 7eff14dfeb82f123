using CanaryFunctions.Prometheus.Tests.History;
using CanaryFunctions.Prometheus.Tests.Queries;
using CanaryFunctions.Prometheus.Tests.Servers;
using CanaryFunctions.TestKit.Programs;

namespace CanaryFunctions.Prometheus.Tests;

/// <summary>The same samples in a real Prometheus and in ours: every answer has to be the same. How to get the programs: <c>install.sh</c> in this folder.</summary>
public sealed class DifferentialTests(ServerPair servers) : IClassFixture<ServerPair>
{
    internal const int Seed = 7;
    internal const int Expressions = 2000;
    private const int Shown = 20;

    // Before the first sample; amid a long gap; at a minute; where the text ends and the markers begin; after them.
    private static readonly long[] ManyInstants = [.. new[] { -600, 0, 780.5, 1800, 2399.875, 2401, 2580, 2700, 3000 }.Select(At)];
    private static readonly long[] FewInstants = [.. new[] { 1800, 2610.25, 2990 }.Select(At)];

    [ProgramFact("prometheus", "promtool")]
    public async Task ProductQueries_AreAnsweredAsByPrometheus()
    {
        var queries = await ProductQueries.AllAsync();
        var comparisons = await servers.CompareAsync([.. queries.DistinctBy(q => q.Text)], ManyInstants);

        Differences(comparisons).ShouldBeEmpty();
        var telling = comparisons.Where(c => !c.Theirs.IsEmpty && c.Theirs.Elements[0].Values[0] != "NaN").Select(c => c.Query.Text).ToHashSet();
        foreach (var source in ProductQueries.Sources.Where(s => !s.EndsWith("-literal.yaml", StringComparison.Ordinal)))
        {
            queries.Count(q => q.Source == source && telling.Contains(q.Text)).ShouldBeGreaterThan(1, $"{source} finds no series");
        }
    }

    [ProgramFact("prometheus", "promtool")]
    public async Task Expressions_AreAnsweredAsByPrometheus()
    {
        var comparisons = await servers.CompareAsync([.. new Grammar(Seed).Write(Expressions)], FewInstants);
        var unknown = comparisons.Where(c => !KnownDifference.All.Any(k => k.Covers(c.Query.Text))).ToList();

        Differences(unknown).ShouldBeEmpty();
        unknown.Count.ShouldBeGreaterThan(comparisons.Count * 95 / 100, "too much is excused");
        comparisons.Count(c => !c.Theirs.IsEmpty).ShouldBeGreaterThan(comparisons.Count / 2, "empty answers prove little");
        comparisons.Count(c => c.Theirs.ErrorType == "execution").ShouldBeGreaterThan(10);
        comparisons.Count(c => c.Theirs.ErrorType == "bad_data").ShouldBeGreaterThan(10);
    }

    /// <summary>What is mended, or only thought to differ, must not stay excused.</summary>
    [ProgramFact("prometheus", "promtool")]
    public async Task KnownDifferences_AreAllThere()
    {
        var comparisons = await servers.CompareAsync([.. KnownDifference.All.Select(k => new TestQuery(k.Example, k.Name))], FewInstants);

        comparisons.Where(c => c.Difference is not null).Select(c => c.Query.Source).Distinct().ShouldBe(KnownDifference.All.Select(k => k.Name));
        KnownDifference.All.ShouldAllBe(k => KnownDifference.All.Single(other => other.Covers(k.Example)) == k);
    }

    private static IEnumerable<string> Differences(IEnumerable<Comparison> comparisons)
        => comparisons.Where(c => c.Difference is not null).DistinctBy(c => c.Query).Select(c => c.ToString()).Take(Shown);

    private static long At(double second) => RecordedHistory.StartMs + (long)(second * 1000);
}
