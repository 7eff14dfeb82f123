using CanaryFunctions.Core.Admission;
using CanaryFunctions.Core.Analysis;
using CanaryFunctions.Core.Analysis.Templates;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Providers;
using Microsoft.Extensions.DependencyInjection;

namespace CanaryFunctions.Core.Tests.Admission;

/// <summary>PromQL as the validator reads it: what a server takes must never be called wrong.</summary>
public sealed class MetricRuleTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddLogging().AddSingleton<IHttpCaller, NoHttp>().AddProviders().BuildServiceProvider();

    public void Dispose() => _services.Dispose();

    [Theory]
    [InlineData("1")]
    [InlineData("vector(1)")]
    [InlineData("-1.5e-3 + +.5 * 0x1F / Inf")]
    [InlineData("up")]
    [InlineData("job:requests:rate5m{}")]
    [InlineData("{__name__=~\"http_.*\",}")]
    [InlineData("{\"http.requests\", code='200'}")]
    [InlineData("rate(requests_total{code!~`5..`}[1h30m] offset -5m)")]
    [InlineData("sum by (le, code) (rate(x[1m])) / ignoring (code) group_left () sum without(code)(rate(x[1m]))")]
    [InlineData("sum(rate(x[1m])) by (le)")]
    [InlineData("topk(3, x) > bool 2 and on() up or vector(0) unless y")]
    [InlineData("max_over_time(rate(x[1m])[10m:30s])[5m:]")]
    [InlineData("x @ 1609746000 offset 1d")]
    [InlineData("x @ start() or x @ end()")]
    [InlineData("histogram_quantile(0.99, sum(rate(b{le=\"\\\"quoted\\\"\"}[1m])) by (le)) # the tail")]
    [InlineData("(\n  a # comment, (unbalanced\n) ^ 2 atan2 b % 3")]
    [InlineData("by{on=\"1\"} + sum")]
    [InlineData("rate(x[300])")]
    [InlineData("label_replace(up, \"a\", \"$1\", \"b\", \"(.*)\")")]
    public void PromQl_Good_IsTaken(string query) => Check(query).ShouldBeNull();

    [Theory]
    [InlineData("", "line 1, character 1: unexpected end of the query, expected a metric, a number, a function or \"(\"")]
    [InlineData("sum(x", "line 1, character 6: unexpected end of the query in the arguments of \"sum\", expected \")\"")]
    [InlineData("x{a=\"1\"\n b=\"2\"}", "line 2, character 2: unexpected identifier \"b\" in label matching, expected \",\" or \"}\"")]
    [InlineData("x{a=1}", "line 1, character 5: unexpected number \"1\" in label matching, expected a quoted string")]
    [InlineData("x{a}", "line 1, character 4: unexpected \"}\" in label matching, expected one of \"=\", \"!=\", \"=~\", \"!~\"")]
    [InlineData("x[]", "line 1, character 3: unexpected \"]\" in a window, expected a duration such as \"1m\"")]
    [InlineData("x y", "line 1, character 3: unexpected identifier \"y\", expected an operator or the end of the query")]
    [InlineData("x{a=\"1}", "line 1, character 5: unterminated quoted string")]
    [InlineData("1 +", "line 1, character 4: unexpected end of the query, expected a metric, a number, a function or \"(\"")]
    [InlineData("sum by le (x)", "line 1, character 8: unexpected identifier \"le\" in grouping, expected \"(\"")]
    [InlineData("x & y", "line 1, character 3: unexpected character '&'")]
    [InlineData("rate(x[5q])", "line 1, character 8: bad number or duration syntax: \"5q\"")]
    public void PromQl_Bad_IsToldWhereAndWhy(string query, string expected) => Check(query).ShouldBe(expected);

    [Theory]
    [InlineData("(")]
    [InlineData("-(")]
    [InlineData("sum(")]
    [InlineData("x{")]
    [InlineData("[")]
    [InlineData("\"\\")]
    public void PromQl_EndlessNesting_EndsWithAnAnswer(string piece) => Check(string.Concat(Enumerable.Repeat(piece, 20_000))).ShouldNotBeNullOrEmpty();

    [Fact]
    public void PromQl_OfEveryBuiltInCheck_IsTaken()
    {
        var variables = new QueryVariables { Name = "podinfo", Namespace = "test", Target = "podinfo", Service = "podinfo", Ingress = "podinfo", Route = "podinfo" };
        var queries = _services.GetServices<IBuiltInChecks>().SelectMany(c => (string[])[c.SuccessRateQuery, c.DurationQuery]).ToList();

        queries.ShouldNotBeEmpty();
        queries.Select(q => Check(QueryTemplate.Render(q, variables).Text!)).ShouldAllBe(problem => problem == null);
    }

    private string? Check(string query) => _services.GetServices<IMetricRule>().Single(r => r.Provider == "prometheus").CheckQuery(query);
}
