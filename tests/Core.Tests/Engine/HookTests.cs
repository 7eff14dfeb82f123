using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Core.Tests.Engine;

/// <summary>Hooks that decide about a release (contracts/hooks-alerts.md 1.5): who is asked when, with which phase, and what a no does.</summary>
public sealed class HookTests
{
    [Fact]
    public async Task PreRollout_FailuresCount_AndWhatPassedIsNotAskedAgain()
    {
        var world = await WithHooks(Hook("smoke", "pre-rollout"), Hook("acceptance", "pre-rollout")).InitializedAsync();
        world.Answer("acceptance", new(400, "no token"));
        world.SetImage("podinfo:2");
        await world.RunAsync();

        world.Status.Phase.ShouldBe(CanaryPhase.Failed);
        world.HookCalls("/smoke").Count().ShouldBe(1);
        world.HookCalls("/acceptance").Count().ShouldBe(3);
        Phases(world, "/acceptance").ShouldAllBe(p => p == "Progressing");
        world.CountOf("Pre-rollout check smoke passed").ShouldBe(1);
        world.CountOf("Halt podinfo.test advancement pre-rollout check acceptance failed no token").ShouldBe(3);
        world.CountOf("Starting canary analysis for podinfo.test").ShouldBe(1);
        world.Events.ShouldNotContain(e => e.StartsWith("Advance", StringComparison.Ordinal));
    }

    [Fact]
    public async Task PreRollout_ThatPassedAfterAFailure_LetsTheReleaseGoOn()
    {
        var world = await WithHooks(Hook("acceptance", "pre-rollout")).InitializedAsync();
        world.Answer("acceptance", new(503, "starting"));
        world.SetImage("podinfo:2");
        await world.RunAsync(() => world.Status.FailedChecks == 2);
        world.Events.ShouldContain("Halt podinfo.test advancement pre-rollout check acceptance failed status 503: starting");
        world.Approve("acceptance");
        await world.RunAsync();

        world.Status.Phase.ShouldBe(CanaryPhase.Succeeded);
        world.HookCalls("/acceptance").Count().ShouldBe(3, "asked until it passed, and not at any later weight");
    }

    [Fact]
    public async Task Rollout_FailsBecauseTheServiceIsGone_WhichIsMadeAgain()
    {
        var world = await WithHooks(Hook("load", "rollout")).InitializedAsync();
        world.SetImage("podinfo:2");
        await world.RunAsync(() => world.Status.CanaryWeight == 20);
        var service = new ObjectRef(Kinds.Service, World.Namespace, "podinfo-canary");
        world.Cluster.Remove(service);
        world.Http.Answer = call => world.Cluster.Peek(service) is null ? new(503, "no endpoints") : new(200, "");
        await world.RunAsync();

        world.CountOf("Halt podinfo.test advancement external check load failed status 503: no endpoints").ShouldBe(1);
        world.Cluster.Peek(service).ShouldNotBeNull();
        world.Status.Phase.ShouldBe(CanaryPhase.Succeeded);
    }

    [Fact]
    public async Task Rollout_RunsFromTheFirstWeightOn_AndBeforeEveryCheck()
    {
        var world = await WithHooks(Hook("load", "rollout")).InitializedAsync();
        var weights = new List<int>();
        world.Http.Answer = call =>
        {
            if (call.Url.AbsolutePath == "/load")
            {
                weights.Add(world.Status.CanaryWeight);
            }

            return new(200, "");
        };
        world.SetImage("podinfo:2");
        await world.RunAsync();

        weights.ShouldBe([0, 10, 20, 30, 40, 50], "load has to be there when the first query is asked");
    }

    [Fact]
    public async Task Rollout_Failures_HaltBeforeAnyMetricIsAsked()
    {
        var world = await WithHooks(Hook("load", "")).InitializedAsync();
        world.Answer("load", new(500, ""));
        world.Metrics.Answer = _ => throw new InvalidOperationException("no metric is asked after a failed hook");
        world.SetImage("podinfo:2");
        await world.RunAsync();

        world.Status.Phase.ShouldBe(CanaryPhase.Failed);
        world.CountOf("Halt podinfo.test advancement external check load failed status 500").ShouldBe(3);
        world.Events.ShouldContain("Rolling back podinfo.test failed checks threshold reached 3");
    }

    [Theory]
    [InlineData("confirm-rollout", CanaryPhase.Waiting)]
    [InlineData("", CanaryPhase.Progressing)]
    [InlineData("confirm-promotion", CanaryPhase.WaitingPromotion)]
    public async Task Rollback_Signaled_RollsBackFromEveryPhaseThatWaitsOrChecks(string gate, CanaryPhase phase)
    {
        var world = await WithHooks(Hook("gate", gate), Hook("undo", "rollback")).InitializedAsync();
        world.Refuse("undo");
        if (gate.Length > 0)
        {
            world.Refuse("gate");
        }

        world.SetImage("podinfo:2");
        await world.RunAsync(() => world.Status.Phase == phase && (phase != CanaryPhase.Progressing || world.Status.CanaryWeight == 20));
        world.Approve("undo");
        await world.RunAsync();

        world.Status.Phase.ShouldBe(CanaryPhase.Failed);
        world.RoutedToCanary.ShouldBe(0);
        world.Events.TakeLast(3).ShouldBe(["Rollback check undo passed", "Rolling back podinfo.test manual webhook invoked", "Canary failed! Scaling down podinfo.test"]);
        world.Events.ShouldNotContain(e => e.Contains("not signaling", StringComparison.Ordinal), "a no every interval is no news");
        world.Alerts[^1].ShouldBe("Warn: Rolling back manual webhook invoked");
        Phases(world, "/undo").Last().ShouldBe(phase.ToString());
    }

    [Fact]
    public async Task Rollback_HookThatDoesNotAnswer_IsNoSignal()
    {
        var world = await WithHooks(Hook("undo", "rollback")).InitializedAsync();
        world.Http.Answer = call => call.Url.AbsolutePath == "/undo" ? throw new HttpCallException("refused") : new(200, "");
        world.SetImage("podinfo:2");
        await world.RunAsync();

        world.Status.Phase.ShouldBe(CanaryPhase.Succeeded);
    }

    [Fact]
    public async Task LostRace_ReusesTheAnswersOfTheHooks()
    {
        var world = await WithHooks(Hook("acceptance", "pre-rollout"), Hook("load", "rollout")).InitializedAsync();
        world.SetImage("podinfo:2");
        await world.RunAsync(() => world.Status.Phase == CanaryPhase.Progressing);
        var races = 0;
        world.Cluster.BeforeWrite = what =>
        {
            // Something else, such as the record of a delivery, is written into the status at the wrong moment.
            if (what.StartsWith("replace status", StringComparison.Ordinal) && world.HookCalls("/load").Count() == 1 && races++ < 2)
            {
                world.Cluster.Change(World.CanaryRef, c => c["status"]!["deliveries"] = new JsonArray($"other-{races}"));
            }

            return Task.CompletedTask;
        };
        await world.RunAsync(() => world.Status.CanaryWeight == 10);

        races.ShouldBeGreaterThan(2, "the write has to have lost twice");
        world.HookCalls("/acceptance").Count().ShouldBe(1);
        world.HookCalls("/load").Count().ShouldBe(1);
        world.Cluster.BeforeWrite = null;
        await world.RunAsync();
        world.Status.Phase.ShouldBe(CanaryPhase.Succeeded);
    }

    [Fact]
    public async Task CrashAfterACall_AsksAgain_UnderTheSameKey()
    {
        var world = await WithHooks(Hook("load", "rollout")).InitializedAsync();
        world.SetImage("podinfo:2");
        var isDown = false;
        world.Cluster.BeforeWrite = _ =>
        {
            var isFirst = !isDown && world.HookCalls("/load").Any();
            isDown |= isFirst;
            return isFirst ? throw new CrashException() : Task.CompletedTask;
        };
        await world.RunAsync(() => world.Status.CanaryWeight == 10);

        var calls = world.HookCalls("/load").ToList();
        calls.Count.ShouldBe(2);
        calls.Select(c => c.Headers.Single(h => h.Key == "Idempotency-Key").Value).Distinct().Count().ShouldBe(1);
        calls.Select(c => c.Body).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task Call_CarriesTheContractsBody_AndAKeyThatRepeatsWithTheQuestion()
    {
        var world = await WithHooks(Hook("gate", "confirm-traffic-increase", ("timeout", "1m30s"), ("retries", 2), ("disableTLS", true),
            ("metadata", new JsonObject { ["cmd"] = "hey -z 1m" }))).InitializedAsync();
        world.SetImage("podinfo:2");
        await world.RunAsync();

        var calls = world.HookCalls("/gate").ToList();
        var body = World.Parse(calls[0].Body!);
        body.Select(p => p.Key).ShouldBe(["name", "namespace", "phase", "checksum", "metadata", "run", "hook", "type"]);
        (body.Text("name"), body.Text("namespace"), body.Text("phase")).ShouldBe(("podinfo", "test", "Progressing"));
        body.Text("checksum")!.ShouldMatch("^[4-9bcdf]{1,10}$");
        body.Text("metadata", "cmd").ShouldBe("hey -z 1m");
        (calls[0].Method, calls[0].Timeout, calls[0].Retries, calls[0].InsecureSkipVerify).ShouldBe(("POST", TimeSpan.FromSeconds(90), 2, true));
        calls.Select(c => c.Headers.Single(h => h.Key == "Idempotency-Key").Value).Distinct().Count().ShouldBe(calls.Count, "every weight is another question");
    }

    [Theory]
    [InlineData(200, true)]
    [InlineData(204, true)]
    [InlineData(299, true)]
    [InlineData(302, false)]
    [InlineData(404, false)]
    public async Task Answer_From200To299_IsAYes(int status, bool isYes)
    {
        var world = await WithHooks(Hook("gate", "confirm-rollout")).InitializedAsync();
        world.Answer("gate", new(status, ""));
        world.SetImage("podinfo:2");
        await world.RunAsync(() => world.HookCalls("/gate").Any() && world.Status.Phase != CanaryPhase.Initialized);

        world.Status.Phase.ShouldBe(isYes ? CanaryPhase.Progressing : CanaryPhase.Waiting);
    }

    internal static World WithHooks(params JsonNode[] hooks) => new(spec => spec["analysis"]!["webhooks"] = new JsonArray(hooks));

    internal static JsonObject Hook(string name, string type, params (string Field, JsonNode Value)[] more)
    {
        var hook = new JsonObject { ["name"] = name, ["type"] = type, ["url"] = $"http://hooks/{name}" };
        foreach (var (field, value) in more)
        {
            hook[field] = value;
        }

        return hook;
    }

    internal static IEnumerable<string?> Phases(World world, string path) => world.HookCalls(path).Select(c => World.Parse(c.Body!).Text("phase"));
}
