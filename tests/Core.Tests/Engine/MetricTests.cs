using System.Text.Json.Nodes;
using CanaryFunctions.Core.Analysis;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Engine.Checks;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Tests.Engine;

/// <summary>What measurements do to a release: values decide, missing values count once there can be some, a server that is down says nothing.</summary>
public sealed class MetricTests
{
    private const string NoTraffic = "Halt advancement no values found for fake metric request-success-rate probably podinfo.test is not receiving traffic: running query failed: no values found";

    [Fact]
    public async Task NoData_WithinTheFirstWindow_HoldsWithoutCounting_AndCountsAfterIt()
    {
        var world = await new World().InitializedAsync();
        world.Metrics.Answer = _ => new MetricSample.NoData("no values found");
        world.SetImage("podinfo:2");
        await world.RunAsync(() => world.Status.CanaryWeight == 10);
        var since = world.Clock.GetUtcNow();
        await world.RunAsync(() => world.Status.FailedChecks == 1);

        (world.Clock.GetUtcNow() - since).ShouldBe(TimeSpan.FromSeconds(60), "one window after the first traffic");
        world.Status.CanaryWeight.ShouldBe(10);
        world.CountOf("Waiting for the first values of metric request-success-rate, podinfo.test has only just got traffic").ShouldBe(1);
        await world.RunAsync();
        world.Status.Phase.ShouldBe(CanaryPhase.Failed);
        world.CountOf(NoTraffic).ShouldBe(3);
    }

    [Fact]
    public async Task NoData_AfterTheFirstWindow_CountsAtOnce()
    {
        var world = await new World(spec => spec["analysis"]!["stepWeight"] = 2).InitializedAsync();
        world.SetImage("podinfo:2");
        await world.RunAsync(() => world.Status.CanaryWeight == 20);
        world.Metrics.Answer = _ => new MetricSample.NoData("no values found");
        await world.RunAsync(() => world.Status.FailedChecks > 0);

        world.Status.CanaryWeight.ShouldBe(20);
        world.CountOf(NoTraffic).ShouldBe(1);
    }

    [Fact]
    public async Task ServerThatFails_HoldsWithoutCounting_AndGoesOnWhenItIsBack()
    {
        var world = await new World().InitializedAsync();
        world.SetImage("podinfo:2");
        await world.RunAsync(() => world.Status.CanaryWeight == 20);
        world.Metrics.Answer = _ => new MetricSample.Error("connection refused");
        await world.RunAsync(() => world.CountOf("Prometheus query failed: running query failed: connection refused") == 3);

        (world.Status.CanaryWeight, world.Status.FailedChecks, world.Status.Phase).ShouldBe((20, 0, CanaryPhase.Progressing));
        world.Metrics.Answer = _ => new MetricSample.Value(100);
        await world.RunAsync();
        world.Status.Phase.ShouldBe(CanaryPhase.Succeeded);
    }

    [Fact]
    public async Task ServerThatStaysDown_EndsAtTheDeadline()
    {
        var world = await new World().InitializedAsync();
        world.SetImage("podinfo:2");
        await world.RunAsync(() => world.Status.CanaryWeight == 20);
        var since = world.Clock.GetUtcNow();
        world.Metrics.Answer = _ => new MetricSample.Error("connection refused");
        await world.RunAsync(() => world.Status.Phase == CanaryPhase.Failed);

        (world.Clock.GetUtcNow() - since).ShouldBe(TimeSpan.FromSeconds(70), "the deadline runs from the first failure, 60 s long");
        world.Status.FailedChecks.ShouldBe(0);
        world.Events.ShouldContain("Rolling back podinfo.test progress deadline exceeded Prometheus query failed: running query failed: connection refused");
        await world.RunAsync();
        world.Alerts[^1].ShouldBe("Error: Progress deadline exceeded Prometheus query failed: running query failed: connection refused");
    }

    [Fact]
    public async Task ServerThatFailsNowAndThen_IsNotHeldAgainstTheRelease()
    {
        var world = await new World(spec => spec["analysis"]!["stepWeight"] = 5).InitializedAsync();
        var asked = 0;
        world.Metrics.Answer = _ => asked++ % 4 < 2 ? new MetricSample.Error("timeout") : new MetricSample.Value(100);
        world.SetImage("podinfo:2");
        await world.RunAsync();

        world.Status.Phase.ShouldBe(CanaryPhase.Succeeded, "each success ends the wait, so the deadline starts anew");
    }

    [Fact]
    public async Task Measurements_AreTheEvidence_NewestLastAndBounded()
    {
        var world = await new World().InitializedAsync();
        world.Metrics.Answer = query => new MetricSample.Value(query.Query.StartsWith("success", StringComparison.Ordinal) && world.Status.CanaryWeight >= 30 ? 42 : 100);
        world.SetImage("podinfo:2");
        await world.RunAsync();

        world.Status.Measurements.Count.ShouldBe(10);
        var last = world.Status.Measurements.Last(m => m.Metric == MetricSpec.SuccessRate);
        (last.Value, last.Bound).ShouldBe((42, "< 99"));
        world.Status.Measurements.ShouldBe(world.Status.Measurements.OrderBy(m => m.At));
    }

    [Fact]
    public async Task Template_IsRendered_AndItsSecretGoesWithTheQuery()
    {
        var world = TemplateWorld("latency {{ target }} {{ interval }} {{ variables.code }}");
        world.Cluster.Put(Kinds.Secret, World.Parse("""{"apiVersion":"v1","kind":"Secret","metadata":{"name":"creds","namespace":"test"},"data":{"token":"czNjcjN0Cg=="}}"""));
        var queries = new List<MetricQuery>();
        world.Metrics.Answer = query =>
        {
            queries.Add(query);
            return new MetricSample.Value(1.2);
        };
        await world.InitializedAsync();
        world.SetImage("podinfo:2");
        await world.RunAsync();

        world.CountOf("Halt podinfo.test advancement latency 1.20 > 0.5").ShouldBe(3);
        var query = queries[^1];
        (query.Query, query.Address, query.Interval, query.Credentials!["token"]).ShouldBe(("latency podinfo 2m 500", "http://prometheus:9090", "2m", "s3cr3t"));
        query.Headers["X-Scope-OrgID"].ShouldBe(["tenant-a"]);
        world.Events.ShouldNotContain(e => e.Contains("s3cr3t", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "Metric template latency.test error: it does not exist")]
    [InlineData("latency", "Metric template latency.test secret creds error: it does not exist")]
    public async Task Template_ThatCannotBeAsked_SaysWhy(string query, string text)
    {
        var world = TemplateWorld(query);
        await world.InitializedAsync();
        world.SetImage("podinfo:2");
        await world.RunAsync();

        world.Status.Phase.ShouldBe(CanaryPhase.Failed, "nobody can tell whether it is good, and that lasted to the deadline");
        world.Status.FailedChecks.ShouldBe(0);
        world.Events.ShouldContain(text);
    }

    [Theory]
    [InlineData("{{ variables.other }}", "prometheus", "Metric template latency.test query render error: ")]
    [InlineData("latency", "graphit", "Metric template latency.test provider 'graphit' error: it is not a known provider; use one of: prometheus")]
    public async Task Template_ThatIsWrong_IsAnErrorAndNoFailedCheck(string query, string provider, string text)
    {
        var world = TemplateWorld(query);
        world.Cluster.Put(Kinds.Secret, World.Parse("""{"apiVersion":"v1","kind":"Secret","metadata":{"name":"creds","namespace":"test"}}"""));
        world.Cluster.Change(new(Kinds.MetricTemplate, "test", "latency"), t => t["spec"]!["provider"]!["type"] = provider);
        await world.InitializedAsync();
        world.SetImage("podinfo:2");
        await world.RunAsync(() => world.Events.Any(e => e.StartsWith(text, StringComparison.Ordinal)));

        world.Status.FailedChecks.ShouldBe(0);
    }

    [Fact]
    public async Task ForeignNamespace_IsBlocked_WhereTheInstallSaysSo()
    {
        var checker = Checker(new() { MeshProvider = "fake", NoCrossNamespaceRefs = true });
        var metric = MetricSpec.Read(JsonNode.Parse("""{"name":"latency","templateRef":{"name":"latency","namespace":"other"}}""")!);

        (await checker.MeasureAsync(Canary.From(World.CanaryObject()), [metric], default))[0].Sample
            .ShouldBe(new MetricSample.Error("can't access metric template latency.other, cross-namespace references are blocked"));
    }

    [Fact]
    public async Task BuiltIn_OfAProviderWithoutChecks_IsAnError_AndSaysWhoHasSome()
    {
        var checker = Checker(new() { MeshProvider = "other" });
        var metric = MetricSpec.Read(JsonNode.Parse("""{"name":"request-success-rate"}""")!);
        var answer = (await checker.MeasureAsync(Canary.From(World.CanaryObject()), [metric], default)).ShouldHaveSingleItem();

        MetricJudge.Judge(Canary.From(World.CanaryObject()), answer).Text.ShouldBe("Prometheus query failed: provider 'other' has no built-in checks; these have: fake");
    }

    [Fact]
    public async Task EntryWithNothingToAsk_FailsWithTheContractsText()
    {
        var metric = MetricSpec.Read(JsonNode.Parse("""{"name":"latency"}""")!);
        var answer = (await Checker(new() { MeshProvider = "fake" }).MeasureAsync(Canary.From(World.CanaryObject()), [metric], default)).ShouldHaveSingleItem();

        MetricJudge.Judge(Canary.From(World.CanaryObject()), answer).Text.ShouldBe("Metric query failed for no usable metrics template and query were configured");
    }

    [Fact]
    public async Task ProbeThatFails_IsACondition_AndHoldsNothingUp()
    {
        var world = new World();
        world.Metrics.ProbeProblem = "prometheus not available: refused";
        await world.InitializedAsync();

        world.Events.ShouldContain("Error checking metric providers: prometheus not available: refused");
        world.Status.Condition(Condition.MetricsAvailable)!.Status.ShouldBe(Condition.False);
    }

    private static MetricChecker Checker(CanaryOptions options) => new(
        new TestKit.FakeCluster(TimeProvider.System), new Catalog<IBuiltInChecks>([new FakeChecks()]), new Catalog<IMetricProvider>([new FakeMetrics()]), options);

    // Without a query there is no template at all.
    private static World TemplateWorld(string query)
    {
        var world = new World(spec => spec["analysis"]!["metrics"] = JsonNode.Parse("""
            [{"name":"latency","interval":"2m","thresholdRange":{"max":0.5},"templateRef":{"name":"latency"},"templateVariables":{"code":"500"}}]
            """));
        if (query.Length > 0)
        {
            world.Cluster.Put(Kinds.MetricTemplate, World.Parse($$$"""
                {"apiVersion":"flagger.app/v1beta1","kind":"MetricTemplate","metadata":{"name":"latency","namespace":"test"},
                 "spec":{"provider":{"type":"prometheus","address":"http://prometheus:9090","secretRef":{"name":"creds"},"headers":{"X-Scope-OrgID":["tenant-a"]}},"query":"{{{query}}}"}}
                """));
        }

        return world;
    }
}
