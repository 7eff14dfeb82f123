using System.Text.RegularExpressions;
using CanaryFunctions.Prometheus.Tests.Queries;
using CanaryFunctions.Simulator.Metrics.PromQl;

namespace CanaryFunctions.Prometheus.Tests;

/// <summary>What is asked of the two servers, without the servers: a comparison that leaves something out would not be missed.</summary>
public sealed class GrammarTests
{
    private static readonly List<string> Expressions = [.. new Grammar(DifferentialTests.Seed).Write(DifferentialTests.Expressions).Select(q => q.Text)];

    public static TheoryData<string> Words => [.. FunctionTable.All.Select(f => f.Name), .. Grammar.Aggregations, .. Grammar.SetOperators,
        "by", "without", "on", "ignoring", "group_left", "group_right", "bool", "offset", "end"];

    public static TheoryData<string> Operators => [.. Grammar.Arithmetic, .. Grammar.Comparisons, Grammar.Rare, "=~", "!~", "@"];

    [Theory]
    [MemberData(nameof(Words))]
    public void Expressions_UseEveryFunctionAndKeyword(string word)
        => Expressions.Count(e => Regex.IsMatch(e, $@"\b{word}\b ?\(") || Regex.IsMatch(e, $@" {word} ")).ShouldBeGreaterThan(4);

    [Theory]
    [MemberData(nameof(Operators))]
    public void Expressions_UseEveryOperator(string op)
        => Expressions.Count(e => e.Contains(op, StringComparison.Ordinal)).ShouldBeGreaterThan(20);

    [Fact]
    public void Expressions_OfTheSameSeed_AreTheSame()
        => new Grammar(DifferentialTests.Seed).Write(DifferentialTests.Expressions).Select(q => q.Text).ShouldBe(Expressions);

    [Fact]
    public async Task ProductQueries_ComeFromEveryProviderAndEveryTemplate()
    {
        var sources = (await ProductQueries.AllAsync()).ToLookup(q => q.Source);

        foreach (var source in ProductQueries.Sources)
        {
            sources[source].Select(q => q.Text).Distinct().Count().ShouldBeGreaterThan(1, source);
        }

        sources.SelectMany(q => q).ShouldContain(q => q.Text == "vector(1)");
        ProductQueries.Templates.Where(t => t.Template["metadata"]!["name"]!.GetValue<string>() == "not-found-percentage").Select(t => Path.GetFileName(t.File)).Distinct()
            .ShouldBe(["metrictemplate-literal.yaml", "metrictemplate.yaml"]);
    }
}
