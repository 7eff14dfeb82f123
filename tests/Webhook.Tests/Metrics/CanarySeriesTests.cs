using System.Text.Json.Nodes;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Platform.Telemetry.Metrics;
using CanaryFunctions.Webhook.Metrics;

namespace CanaryFunctions.Webhook.Tests.Metrics;

public sealed class CanarySeriesTests
{
    private readonly CanaryBoard _board = new();

    [Fact]
    public void Text_CanaryUnderAnalysis_HasTheContractsSeries()
    {
        Tell(Canary("Progressing", weight: 15, status => status["measurements"] = new JsonArray(
            Measured("request-success-rate", 100), Measured("request-success-rate", 99.5), Measured("request-duration", 250), Measured("gone", 1))));

        Contract().ShouldBe(
            """
            # HELP flagger_info Flagger version and mesh provider information
            # TYPE flagger_info gauge
            flagger_info{version="1.2.3",mesh_provider="skipper"} 1
            # HELP flagger_canary_total Total number of canary object
            # TYPE flagger_canary_total gauge
            flagger_canary_total{namespace="test"} 1
            # HELP flagger_canary_status Last canary analysis result
            # TYPE flagger_canary_status gauge
            flagger_canary_status{name="podinfo",namespace="test"} 0
            # HELP flagger_canary_weight The virtual service destination weight current value
            # TYPE flagger_canary_weight gauge
            flagger_canary_weight{workload="podinfo-primary",namespace="test"} 85
            flagger_canary_weight{workload="podinfo",namespace="test"} 15
            # HELP flagger_canary_metric_analysis Last canary analysis result per metric
            # TYPE flagger_canary_metric_analysis gauge
            flagger_canary_metric_analysis{name="podinfo",namespace="test",metric="request-success-rate"} 99.5
            flagger_canary_metric_analysis{name="podinfo",namespace="test",metric="request-duration"} 0.25
            # HELP flagger_canary_successes_total Total number of canary successes
            # TYPE flagger_canary_successes_total counter
            flagger_canary_successes_total{name="podinfo",namespace="test",deployment_strategy="canary",analysis_status="completed"} 0
            flagger_canary_successes_total{name="podinfo",namespace="test",deployment_strategy="canary",analysis_status="skipped"} 0
            # HELP flagger_canary_failures_total Total number of canary failures
            # TYPE flagger_canary_failures_total counter
            flagger_canary_failures_total{name="podinfo",namespace="test",deployment_strategy="canary",analysis_status="completed"} 0

            """);
    }

    [Fact]
    public void Text_CanaryUnderAnalysis_HasSeriesKeyedByTheCanaryToo()
    {
        Tell(Canary("Progressing", weight: 15, status =>
        {
            status["failedChecks"] = 2;
            status["lastTransitionTime"] = "2026-11-21T10:00:00Z";
            status["measurements"] = new JsonArray(Measured("request-duration", 250));
        }));

        Own().ShouldBe(
        [
            "canary_count 1",
            """canary_info{namespace="test",name="web",target_kind="Deployment",target="podinfo",provider="skipper",strategy="canary"} 1""",
            """canary_phase{namespace="test",name="web",phase="Progressing"} 1""",
            """canary_weight_percent{namespace="test",name="web",track="primary"} 85""",
            """canary_weight_percent{namespace="test",name="web",track="canary"} 15""",
            """canary_failed_checks{namespace="test",name="web"} 2""",
            """canary_last_transition_timestamp_seconds{namespace="test",name="web"} 1.7952552e+09""",
            """canary_metric_value{namespace="test",name="web",metric="request-duration"} 0.25""",
            """canary_releases_total{namespace="test",name="web",result="succeeded"} 0""",
            """canary_releases_total{namespace="test",name="web",result="skipped"} 0""",
            """canary_releases_total{namespace="test",name="web",result="failed"} 0""",
        ]);
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("Initialized", 1)]
    [InlineData("Progressing", 0)]
    [InlineData("WaitingPromotion", 1)]
    [InlineData("Promoting", 1)]
    [InlineData("Succeeded", 1)]
    [InlineData("Failed", 2)]
    public void Status_EachPhase_HasTheContractsNumber(string phase, int number)
    {
        Tell(Canary(phase));

        Contract().ShouldContain($$"""flagger_canary_status{name="podinfo",namespace="test"} {{number}}""");
    }

    [Theory]
    [InlineData("""{"iterations":5}""", "blue-green")]
    [InlineData("""{"iterations":5,"match":[{"headers":{"x":{"exact":"y"}}}]}""", "ab-testing")]
    [InlineData("""{"match":[{"headers":{"x":{"exact":"y"}}}]}""", "canary")]
    [InlineData("null", "canary")]
    public void Strategy_EachAnalysis_HasTheContractsName(string analysis, string strategy)
    {
        var canary = Canary("Initialized");
        canary["spec"]!["analysis"] = JsonNode.Parse(analysis);
        Tell(canary);

        Contract().ShouldContain($"""deployment_strategy="{strategy}",analysis_status="completed" """.TrimEnd());
    }

    [Fact]
    public void Releases_ThatEnd_AreCountedOnce()
    {
        Tell(Run("Succeeded", "r0"));
        Ended().ShouldBe((0, 0, 0), "it ended before anybody looked");

        foreach (var phase in (string[])["Progressing", "Promoting", "Finalising", "Succeeded", "Succeeded"])
        {
            Tell(Run(phase, "r1"));
        }

        Ended().ShouldBe((1, 0, 0));
        Tell(Run("Progressing", "r2"), Run("Failed", "r2"), Run("Failed", "r2"));
        Ended().ShouldBe((1, 0, 1));
        var skipping = Run("Succeeded", "r3");
        skipping["spec"]!["skipAnalysis"] = true;
        Tell(skipping);
        Ended().ShouldBe((1, 1, 1));
    }

    [Fact]
    public void Releases_ThatEndedInAGapOfTheWatch_AreCountedWhenItComesBack()
    {
        Tell(Run("Succeeded", "r1"));
        _board.Apply(new(WatchEventType.Reset, null));
        Tell(Run("Succeeded", "r2"));
        _board.Apply(new(WatchEventType.Synced, null));

        Ended().ShouldBe((1, 0, 0));
    }

    [Fact]
    public void Canary_Deleted_LeavesNothingBehind()
    {
        Tell(Canary("Initialized"));
        _board.Apply(new(WatchEventType.Deleted, Canary("Initialized")));

        Own().ShouldBe(["canary_count 0"]);
        Contract().ShouldNotContain("podinfo");
    }

    [Fact]
    public void Canary_GoneFromANewList_LeavesNothingBehind()
    {
        Tell(Canary("Initialized"));
        _board.Apply(new(WatchEventType.Reset, null));
        _board.All().Count.ShouldBe(1, "the old ones serve until the list is complete");
        _board.Apply(new(WatchEventType.Synced, null));

        _board.All().ShouldBeEmpty();
    }

    [Fact]
    public void Targets_OfOneNameInTwoKinds_DoNotBreakThePage()
    {
        var other = Canary("Failed");
        other["metadata"]!["name"] = "zzz";
        other["spec"]!["targetRef"]!["kind"] = "DaemonSet";
        Tell(Canary("Initialized"), other);

        var text = Text();

        text.Split('\n').Where(l => l.Length > 0 && l[0] != '#').Select(l => l[..l.LastIndexOf(' ')]).ShouldBeUnique();
        text.ShouldContain("""flagger_canary_status{name="podinfo",namespace="test"} 1""");
        text.ShouldContain("""canary_phase{namespace="test",name="zzz",phase="Failed"} 1""");
        text.ShouldContain("""flagger_canary_total{namespace="test"} 2""");
    }

    [Fact]
    public void Text_HostileNames_AreEscaped()
    {
        var canary = Canary("Initialized");
        canary["spec"]!["targetRef"]!["name"] = "a\"b\\c\nd";
        Tell(canary);

        Contract().ShouldContain("""flagger_canary_status{name="a\"b\\c\nd",namespace="test"} 1""");
    }

    private static JsonObject Canary(string phase, int weight = 0, Action<JsonObject>? edit = null)
    {
        var canary = Reviews.Canary("web");
        canary["spec"]!["analysis"]!["metrics"]!.AsArray().Add(new JsonObject { ["name"] = "request-duration", ["thresholdRange"] = new JsonObject { ["max"] = 500 } });
        var status = new JsonObject { ["phase"] = phase, ["canaryWeight"] = weight };
        edit?.Invoke(status);
        canary["status"] = status;
        return canary;
    }

    private static JsonObject Run(string phase, string run) => Canary(phase, edit: status => status["runId"] = run);

    private static JsonObject Measured(string metric, double value) => new() { ["metric"] = metric, ["value"] = $"{value}", ["at"] = "2026-11-21T10:00:00Z" };

    private void Tell(params JsonObject[] canaries)
    {
        foreach (var canary in canaries)
        {
            _board.Apply(new(WatchEventType.Modified, canary));
        }
    }

    private string Text() => ExpositionText.Of(CanarySeries.Of(_board.All(), "1.2.3", "skipper"));

    private string Contract() => Text()[..Text().IndexOf("# HELP canary_", StringComparison.Ordinal)];

    private string[] Own() => [.. Text().Split('\n').Where(l => l.StartsWith("canary_", StringComparison.Ordinal))];

    private (int Succeeded, int Skipped, int Failed) Ended() => _board.All().Single().Releases is var r ? (r.Succeeded, r.Skipped, r.Failed) : default;
}
