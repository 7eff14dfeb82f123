using System.Text;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.TestKit;
using CanaryFunctions.Webhook.Registration;
using Microsoft.Extensions.Logging.Abstractions;

namespace CanaryFunctions.Webhook.Tests.Registration;

public sealed class RegistrationTests
{
    private static readonly ObjectRef Mutating = new(Kinds.MutatingWebhookConfiguration, null, "canary-functions-mutate");
    private static readonly ObjectRef Validating = new(Kinds.ValidatingWebhookConfiguration, null, "canary-functions-validate");
    private static readonly WebhookOptions Inside = new() { Outside = false, OwnNamespace = "canary" };

    private readonly LiveCluster _cluster = new(new FakeClock());

    [Fact]
    public async Task Apply_Outside_RegistersByUrlAndIsIgnoredWhenGone()
    {
        await Registration(new()).ApplyAsync("the CA", takeOver: true, CancellationToken.None);

        var hooks = Hooks();
        hooks.Keys.ShouldBe(["mutate.canary-functions.io", "validate.canary-functions.io", "detect.canary-functions.io"]);
        hooks.Values.Select(h => h.Text("clientConfig", "url")).ShouldBe(["https://127.0.0.1:4443/mutate", "https://127.0.0.1:4443/validate", "https://127.0.0.1:4443/detect"]);
        hooks.Values.Select(h => h.Text("failurePolicy")).ShouldBe(["Ignore", "Ignore", "Ignore"]);
        hooks.Values.Select(h => h["matchConditions"]).ShouldBe([null, null, null]);
        hooks.Values.Select(h => h.Integer("timeoutSeconds")).ShouldBe([2, 2, 2]);
        hooks.Values.Select(h => Encoding.UTF8.GetString(Convert.FromBase64String(h.Text("clientConfig", "caBundle")!))).ShouldAllBe(ca => ca == "the CA");
    }

    [Fact]
    public async Task Apply_Inside_RegistersTheServiceAndGuardsOnlyOurSpecs()
    {
        await Registration(Inside).ApplyAsync("the CA", takeOver: true, CancellationToken.None);

        var hooks = Hooks();
        hooks["validate.canary-functions.io"].At("clientConfig", "service")!.ToJsonString()
            .ShouldBe("""{"namespace":"canary","name":"canary-webhook","path":"/validate","port":443}""");
        hooks["mutate.canary-functions.io"].Text("failurePolicy").ShouldBe("Fail");
        hooks["mutate.canary-functions.io"].ListAt("matchConditions").Single().Text("name").ShouldBe("spec-changes");
        hooks["validate.canary-functions.io"].Text("failurePolicy").ShouldBe("Fail");
        hooks["detect.canary-functions.io"].Text("failurePolicy").ShouldBe("Ignore");
        hooks["detect.canary-functions.io"].ListAt("namespaceSelector", "matchExpressions").Single().At("values")!.ToJsonString().ShouldBe("""["kube-system","canary"]""");
    }

    [Fact]
    public async Task Apply_Detection_LooksAtDeploymentsAndCanariesAndNotAtTheirStatus()
    {
        await Registration(new()).ApplyAsync("the CA", takeOver: true, CancellationToken.None);

        var hooks = Hooks();
        hooks["detect.canary-functions.io"].ListAt("rules").Select(r => $"{r.At("apiGroups")!.ToJsonString()} {r.At("resources")!.ToJsonString()} {r.At("operations")!.ToJsonString()}").ShouldBe(
        [
            """["apps"] ["deployments"] ["CREATE","UPDATE"]""",
            """["flagger.app"] ["canaries"] ["CREATE","UPDATE","DELETE"]""",
        ]);
        hooks["detect.canary-functions.io"].Text("sideEffects").ShouldBe("NoneOnDryRun");
        hooks["validate.canary-functions.io"].ListAt("rules").Single().At("operations")!.ToJsonString().ShouldBe("""["CREATE","UPDATE"]""");
    }

    [Fact]
    public async Task Apply_Again_WritesNothing()
    {
        await Registration(Inside).ApplyAsync("the CA", takeOver: true, CancellationToken.None);
        _cluster.Inner.Requests.Clear();

        await Registration(Inside).ApplyAsync("the CA", takeOver: true, CancellationToken.None);

        _cluster.Inner.Requests.ShouldAllBe(r => r.StartsWith("get "));
    }

    [Fact]
    public async Task Apply_OtherAddressNow_ReplacesAndKeepsOthersLabels()
    {
        await Registration(new()).ApplyAsync("the CA", takeOver: true, CancellationToken.None);
        _cluster.Inner.Change(Mutating, o => o.Metadata().Section("labels")["team"] = "web");

        await Registration(new(), "https://127.0.0.1:5555").ApplyAsync("the CA", takeOver: true, CancellationToken.None);

        var stored = _cluster.Inner.Peek(Mutating)!;
        stored.Label("team").ShouldBe("web");
        stored.ListAt("webhooks").Single().Text("clientConfig", "url").ShouldBe("https://127.0.0.1:5555/mutate");
    }

    [Fact]
    public async Task Apply_ClusterWithoutMatchConditions_FallsBackToIgnore()
    {
        _cluster.OnWrite = obj =>
        {
            var pruned = obj.Copy();
            foreach (var hook in pruned.ListAt("webhooks").OfType<JsonObject>())
            {
                hook.Remove("matchConditions");
            }

            return pruned;
        };

        await Registration(Inside).ApplyAsync("the CA", takeOver: true, CancellationToken.None);

        Hooks().Values.Select(h => h.Text("failurePolicy")).ShouldBe(["Ignore", "Ignore", "Ignore"]);
    }

    [Fact]
    public async Task Apply_ReplicaWritesAtTheSameMoment_LooksAgain()
    {
        var isFirst = true;
        _cluster.Inner.BeforeWrite = what =>
        {
            if (isFirst && what.StartsWith("create", StringComparison.Ordinal))
            {
                isFirst = false;
                _cluster.Inner.Put(Kinds.MutatingWebhookConfiguration, WebhookConfigurations.Mutating(Inside, new("https://x"), "another CA", true));
            }

            return Task.CompletedTask;
        };

        await Registration(Inside).ApplyAsync("the CA", takeOver: true, CancellationToken.None);

        Encoding.UTF8.GetString(Convert.FromBase64String(Hooks()["mutate.canary-functions.io"].Text("clientConfig", "caBundle")!)).ShouldBe("the CA");
    }

    [Fact]
    public async Task Remove_Ours_GoesAndOthersStay()
    {
        var mine = Registration(new());
        await mine.ApplyAsync("the CA", takeOver: true, CancellationToken.None);
        _cluster.Inner.Change(Validating, o => o.ListAt("webhooks").First()["clientConfig"]!["url"] = "https://127.0.0.1:9/validate");
        _cluster.Inner.Change(Validating, o => o.ListAt("webhooks").Last()["clientConfig"]!["url"] = "https://127.0.0.1:9/detect");

        await mine.RemoveAsync(CancellationToken.None);

        _cluster.Inner.Peek(Mutating).ShouldBeNull();
        _cluster.Inner.Peek(Validating).ShouldNotBeNull("another process has taken it over");
    }

    [Fact]
    public async Task Remove_ServerThatRefuses_DoesNotKeepTheProcessFromEnding()
    {
        var mine = Registration(new());
        await mine.ApplyAsync("the CA", takeOver: true, CancellationToken.None);
        _cluster.Inner.BeforeWrite = _ => throw new ClusterException(0, "", "no answer");

        await mine.RemoveAsync(CancellationToken.None);

        _cluster.Inner.Peek(Mutating).ShouldNotBeNull();
    }

    [Fact]
    public async Task Server_Outside_TakesItsConfigurationsAway()
    {
        var webhook = await RunningWebhook.StartAsync();
        webhook.Cluster.Inner.Peek(Mutating)!.ListAt("webhooks").Single().Text("clientConfig", "url").ShouldBe(new Uri(webhook.Server.Address, "/mutate").AbsoluteUri);

        await webhook.DisposeAsync();

        webhook.Cluster.Inner.Peek(Mutating).ShouldBeNull();
        webhook.Cluster.Inner.Peek(Validating).ShouldBeNull();
    }

    [Fact]
    public async Task Server_ThatIsRefused_DoesNotStart()
    {
        static void Forbid(LiveCluster cluster) => cluster.Inner.BeforeWrite = _ => throw new ClusterException(403, "Forbidden", "forbidden");

        (await Should.ThrowAsync<ClusterException>(RunningWebhook.StartAsync(Inside, Forbid))).Reason.ShouldBe("Forbidden");
        (await Should.ThrowAsync<ClusterException>(RunningWebhook.StartAsync(new(), Forbid))).Reason.ShouldBe("Forbidden");
    }

    [Fact]
    public async Task Server_Inside_LeavesItsConfigurationsAndSharesItsCertificate()
    {
        var options = Inside with { Hosts = ["127.0.0.1"] };
        await using var first = await RunningWebhook.StartAsync(options);
        var secret = first.Cluster.Inner.Peek(new(Kinds.Secret, "canary", "canary-webhook-certificate"))!;
        await using var second = await RunningWebhook.StartAsync(options, c => c.Put(Kinds.Secret, secret));

        second.Server.CaCertificate.ShouldBe(first.Server.CaCertificate);
        first.Cluster.Inner.PeekAll(Kinds.Lease).Count.ShouldBe(1);
        await first.DisposeAsync();
        first.Cluster.Inner.Peek(Mutating).ShouldNotBeNull();
        first.Cluster.Inner.PeekAll(Kinds.Lease).ShouldBeEmpty();
    }

    private WebhookRegistration Registration(WebhookOptions options, string address = "https://127.0.0.1:4443")
        => new(_cluster, options, new(address), NullLogger<WebhookRegistration>.Instance);

    private Dictionary<string, JsonNode> Hooks()
        => new[] { Mutating, Validating }.SelectMany(r => _cluster.Inner.Peek(r)!.ListAt("webhooks")).ToDictionary(h => h.Text("name")!);
}
