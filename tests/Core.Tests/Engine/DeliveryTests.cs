using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Delivering;
using CanaryFunctions.Core.Notifying;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using Microsoft.Extensions.DependencyInjection;

namespace CanaryFunctions.Core.Tests.Engine;

/// <summary>Notices reach each receiver once, broken receivers hold up nobody, and addresses never get into messages.</summary>
public sealed class DeliveryTests
{
    private const string Secret = "http://chat/T0/s3cr3t";

    [Fact]
    public async Task DeliveryThatIsRecorded_IsNotSentAgain()
    {
        var world = await new World().InitializedAsync();
        var delivery = ADelivery();
        await SendAsync(world, delivery);
        await SendAsync(world, delivery);
        await SendAsync(world, delivery with { Id = "other" });

        world.Alerts.Count(a => a == "Warn: hello").ShouldBe(2, "once an id");
    }

    [Fact]
    public async Task DeliveryThatIsUnderWay_IsLeftToWhoeverIsAtIt_AndLookedAtAgain()
    {
        var world = await new World().InitializedAsync();
        world.Clock.Advance(TimeSpan.FromTicks(12_347));
        var copies = new List<QueueMessage>();
        world.Http.Answer = call =>
        {
            // Another worker gets the same delivery while the chat has not answered yet.
            world.HandleAsync(ADelivery().ToMessage("copy"), 1).GetAwaiter().GetResult();
            copies.Add(world.Queue.TakeNext()!);
            return new(200, "ok");
        };
        await SendAsync(world, ADelivery());

        world.Alerts.Count(a => a == "Warn: hello").ShouldBe(1);
        world.Status.Claims.ShouldBeEmpty();
        var copy = copies.ShouldHaveSingleItem();
        (copy.Queue, copy.NotBefore).ShouldBe((QueueNames.Deliveries, world.Clock.GetUtcNow().AddSeconds(2)));
        await world.HandleAsync(copy, 1);
        world.Alerts.Count(a => a == "Warn: hello").ShouldBe(1);
    }

    [Fact]
    public async Task DeliveryThatFailed_IsNobodysAnyMore()
    {
        var world = await new World().InitializedAsync();
        world.Clock.Advance(TimeSpan.FromTicks(12_347));
        world.Http.Answer = _ => new(500, "");
        await world.HandleAsync(ADelivery().ToMessage("d"), 1);
        world.Status.Claims.ShouldBeEmpty();

        world.Http.Answer = _ => new(200, "ok");
        await world.HandleAsync(world.Queue.TakeNext()!, 1);
        world.Alerts.Count(a => a == "Warn: hello").ShouldBe(2, "the first was not taken");
        world.Queue.Waiting.ShouldBeEmpty();
    }

    [Fact]
    public async Task DeliveryOfOneWhoDied_IsTakenOver_WhenItsTimeIsOver()
    {
        var world = await new World().InitializedAsync();
        var dead = new DeliveryClaim(RunIds.Short("d"), world.Clock.GetUtcNow().AddSeconds(3));
        world.Cluster.Change(World.CanaryRef, c => c["status"] = (Canary.From(c).Status with { Claims = [dead] }).ToJson());
        var message = ADelivery().ToMessage("d");
        for (var look = 0; look < 2; look++)
        {
            await world.HandleAsync(message, 1);
            world.Alerts.ShouldNotContain("Warn: hello");
            message = world.Queue.TakeNext()!;
            world.Clock.SetUtcNow(message.NotBefore!.Value);
        }

        world.Clock.GetUtcNow().ShouldBe(dead.Until);
        await world.HandleAsync(message, 1);
        world.Alerts.Count(a => a == "Warn: hello").ShouldBe(1);
        world.Status.Claims.ShouldBeEmpty();
    }

    [Fact]
    public async Task Record_SurvivesAStepThatWritesAtTheSameTime()
    {
        var world = await new World().InitializedAsync();
        var races = 0;
        world.Cluster.BeforeWrite = _ =>
        {
            if (races++ < 3)
            {
                world.Cluster.Change(World.CanaryRef, c => c["status"]!["waits"] = races);
            }

            return Task.CompletedTask;
        };
        await SendAsync(world, ADelivery());

        world.Status.Deliveries.ShouldContain(id => id.Length == 12);
        world.Status.Waits.ShouldBe(3, "what the step wrote stays");
        world.Alerts.Count(a => a == "Warn: hello").ShouldBe(1);
    }

    [Fact]
    public async Task ReceiverThatFails_IsTriedLaterAndLater_ThenFailsForGood()
    {
        var world = await new World().InitializedAsync();
        world.Http.Answer = _ => new(500, "");
        var waits = new List<double>();
        var message = ADelivery().ToMessage("d");
        for (var attempt = 1; attempt < 6; attempt++)
        {
            await world.HandleAsync(message, 1);
            var before = world.Clock.GetUtcNow();
            message = world.Queue.TakeNext()!;
            waits.Add((message.NotBefore!.Value - before).TotalSeconds);
        }

        waits.ShouldBe([2, 4, 8, 16, 32]);
        var last = await Should.ThrowAsync<DeliveryException>(() => world.HandleAsync(message, 1));
        last.Message.ShouldBe("alert provider slack.test send error: status 500");
        world.Queue.Waiting.ShouldBeEmpty("the queue puts it among its dead letters");
        world.Status.Deliveries.ShouldNotContain(RunIds.Short("d"));
    }

    [Fact]
    public async Task BrokenReceiver_HoldsUpNoOther()
    {
        var world = new World(spec => spec["analysis"]!["alerts"] = World.Parse("""
            {"a":[{"name":"gone","severity":"info","providerRef":{"name":"gone"}},{"name":"team","severity":"info","providerRef":{"name":"slack"}}]}
            """)["a"]!.DeepClone());
        world.Hint();
        await world.RunAsync(() => world.Alerts.Count > 0);

        world.Alerts.ShouldBe(["Info: New Deployment detected, initialization completed."]);
    }

    [Theory]
    [InlineData("info", new[] { AlertSeverity.Info, AlertSeverity.Warn, AlertSeverity.Error })]
    [InlineData("", new[] { AlertSeverity.Info, AlertSeverity.Warn, AlertSeverity.Error })]
    [InlineData("warn", new[] { AlertSeverity.Warn, AlertSeverity.Error })]
    [InlineData("error", new[] { AlertSeverity.Error })]
    public void FanOut_SendsWhatIsSevereEnough(string least, AlertSeverity[] sent)
    {
        var canary = CanaryWith($$$"""[{"name":"team","severity":"{{{least}}}","providerRef":{"name":"slack"}}]""");

        Enum.GetValues<AlertSeverity>().Where(s => NoticeFanOut.Deliveries(canary, ANotice(s), new()).Count > 0).ShouldBe(sent);
    }

    [Fact]
    public void FanOut_ProviderNamedTwice_IsToldOnce_AndByTheLowestBar()
    {
        var canary = CanaryWith("""
            [{"name":"a","severity":"error","providerRef":{"name":"slack"}},{"name":"b","severity":"info","providerRef":{"name":"slack"}},{"name":"c","providerRef":{"name":"ops","namespace":"other"}}]
            """);

        NoticeFanOut.Deliveries(canary, ANotice(AlertSeverity.Error), new()).Select(d => d.Target).ShouldBe(["slack.test", "ops.other"]);
        NoticeFanOut.Deliveries(canary, ANotice(AlertSeverity.Info), new()).Select(d => d.Target).ShouldBe(["slack.test", "ops.other"]);
    }

    [Fact]
    public void FanOut_InstallsChats_AreBothTold_WhereTheCanaryNamesNobody()
    {
        var options = new CanaryOptions { SlackUrl = Secret, MsTeamsUrl = Secret };

        NoticeFanOut.Deliveries(CanaryWith("[]"), ANotice(AlertSeverity.Info), options).Select(d => (d.Receiver, d.Target)).ShouldBe(
            [(ReceiverKind.InstallChat, "msteams"), (ReceiverKind.InstallChat, "slack")]);
        NoticeFanOut.Deliveries(CanaryWith("""[{"name":"a","providerRef":{"name":"x"}}]"""), ANotice(AlertSeverity.Info), options).Single().Receiver.ShouldBe(ReceiverKind.AlertProvider);
        NoticeFanOut.Deliveries(CanaryWith("[]"), ANotice(AlertSeverity.Info), new()).ShouldBeEmpty();
    }

    [Fact]
    public async Task InstallsChat_IsToldWithoutAnyProviderObject()
    {
        var world = new World(spec => spec["analysis"]!["alerts"] = World.Parse("""{"a":[]}""")["a"]!.DeepClone(), options => options.SlackUrl = "http://chat/install");
        await world.InitializedAsync();

        world.Http.Calls.Single(c => c.Url.Host == "chat").Url.AbsolutePath.ShouldBe("/install");
    }

    [Theory]
    [InlineData("""{"type":"slack"}""", "alert provider slack.test has no address, and its secret neither")]
    [InlineData("""{"type":"slack","address":"s3cr3t"}""", "alert provider slack.test: the address is not an absolute http or https URL")]
    [InlineData("""{"type":"slack","address":"ftp://s3cr3t/x"}""", "alert provider slack.test: the address is not an absolute http or https URL")]
    [InlineData("""{"type":"slack","secretRef":{"name":"none"}}""", "alert provider slack.test secretRef error: secret none.test does not exist")]
    [InlineData("""{"type":"pager","address":"http://chat/s3cr3t"}""", "alert provider slack.test: type 'pager' is not supported; use one of: slack")]
    [InlineData("""{"type":"slack","address":"http://chat/s3cr3t","proxy":"proxy"}""", "alert provider slack.test: proxy 'proxy' is not an absolute URL such as http://proxy:3128")]
    public async Task ProviderThatIsWrong_IsSaidToBe_WithoutItsAddress(string spec, string message)
    {
        var world = await new World().InitializedAsync();
        world.Cluster.Change(new(Kinds.AlertProvider, "test", "slack"), p => p["spec"] = World.Parse(spec));

        (await Should.ThrowAsync<DeliveryException>(() => SendAsync(world, ADelivery()))).Message.ShouldBe(message);
    }

    [Fact]
    public async Task SecretOfTheProvider_WinsOverItsAddress_AndIsReadEachTime()
    {
        var world = await new World().InitializedAsync();
        world.Cluster.Change(new(Kinds.AlertProvider, "test", "slack"), p => p["spec"]!["secretRef"] = World.Parse("""{"name":"chat"}"""));
        var secret = World.Parse("""{"apiVersion":"v1","kind":"Secret","metadata":{"name":"chat","namespace":"test"},"data":{}}""");
        secret["data"]!["address"] = Convert.ToBase64String("http://chat/secret\n"u8);
        world.Cluster.Put(Kinds.Secret, secret);
        await SendAsync(world, ADelivery());

        world.Http.Calls[^1].Url.AbsolutePath.ShouldBe("/secret");
    }

    [Fact]
    public async Task ForeignNamespace_IsBlocked_WhereTheInstallSaysSo()
    {
        var world = await new World(
            spec => spec["analysis"]!["alerts"] = World.Parse("""{"a":[{"name":"a","providerRef":{"name":"slack"}}]}""")["a"]!.DeepClone(), o => o.NoCrossNamespaceRefs = true).InitializedAsync();
        world.EditCanary(spec => spec["analysis"]!["alerts"]![0]!["providerRef"]!["namespace"] = "other");

        (await Should.ThrowAsync<DeliveryException>(() => SendAsync(world, ADelivery() with { Target = "slack.other" }))).Message
            .ShouldBe("can't access alert provider slack.other, cross-namespace references are blocked");
    }

    [Theory]
    [InlineData("""{"stepWeight":5,"maxWeight":50}""", "Weight step: 5 max: 50")]
    [InlineData("""{"stepWeights":[1,2,10,80]}""", "Weight steps: 1,2,10,80 max: 80")]
    [InlineData("""{"iterations":3}""", "Blue/Green")]
    [InlineData("""{"iterations":3,"match":[{}]}""", "A/B Testing")]
    [InlineData("{}", null)]
    public void Fields_DescribeTheRelease(string analysis, string? routing)
    {
        var json = World.CanaryObject();
        json["spec"]!["analysis"] = World.Parse(analysis);
        var fields = AlertFields.Of(Canary.From(json), null, "prod", withMetadata: true);

        fields.Take(4).Select(f => $"{f.Name}={f.Value}").ShouldBe(["Cluster=prod", "Target=Deployment/podinfo.test", "Failed checks threshold=1", "Progress deadline=60s"]);
        fields.Skip(4).Select(f => f.Value).ShouldBe(routing is null ? [] : [routing]);
        AlertFields.Of(Canary.From(json), null, "", withMetadata: false).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("run1", "jo@example.com")]
    [InlineData("run2", null)]
    public void Fields_NameWhoStartedTheRelease_AndNobodyElse(string runId, string? expected)
    {
        var json = World.CanaryObject();
        json["status"] = new JsonObject { ["runId"] = "run1", ["startedBy"] = "jo@example.com" };

        var named = AlertFields.Of(Canary.From(json), runId, "", withMetadata: true).Where(f => f.Name == "Started by").Select(f => f.Value);

        named.ShouldBe(expected is null ? [] : [expected]);
    }

    [Fact]
    public async Task CanaryThatIsGone_NeedsNobodyTold()
    {
        var world = await new World().InitializedAsync();
        world.Cluster.Change(World.CanaryRef, c => c.Metadata().Remove("finalizers"));
        world.Cluster.Remove(World.CanaryRef);
        var calls = world.Http.Calls.Count;
        await SendAsync(world, ADelivery());
        await world.HandleAsync(ANotice(AlertSeverity.Error).ToMessage(), 1);

        world.Http.Calls.Count.ShouldBe(calls);
        world.Queue.Waiting.ShouldBeEmpty();
    }

    private static Task<DateTimeOffset?> SendAsync(World world, Delivery delivery) => world.Services.GetRequiredService<DeliverySender>().SendAsync(delivery, CancellationToken.None);

    private static Notice ANotice(AlertSeverity severity)
        => new("n", "test", "podinfo", new OutboxEntry(3, 0, OutboxKind.Alert, "Progressing") { Severity = severity, Message = "hello" }, "abc", "run");

    private static Delivery ADelivery() => new("d", ReceiverKind.AlertProvider, "slack.test", ANotice(AlertSeverity.Warn));

    private static Canary CanaryWith(string alerts)
    {
        var json = World.CanaryObject();
        json["spec"]!["analysis"]!["alerts"] = World.Parse($$$"""{"a":{{{alerts}}}}""")["a"]!.DeepClone();
        return Canary.From(json);
    }
}
