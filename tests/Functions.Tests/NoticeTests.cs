using System.Text.Json;
using System.Text.Json.Nodes;
using CanaryFunctions.Core;
using CanaryFunctions.Core.Notifying;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Functions.Tests;

/// <summary>FanOutNotice and DeliverNotice.</summary>
public sealed class NoticeTests : IAsyncLifetime
{
    private FunctionsHost _host = null!;

    public async Task InitializeAsync() => _host = await FunctionsHost.StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData("fan-out-notice.storage-queue")]
    [InlineData("fan-out-notice.service-bus")]
    public async Task Notice_BecomesOneDeliveryForEachReceiver(string invocation)
    {
        _host.PutApplication();

        (await _host.InvokeAsync(nameof(FanOutNotice), invocation)).ShouldBeDone();

        var message = _host.Queue.Waiting.ShouldHaveSingleItem();
        message.Queue.ShouldBe(QueueNames.Deliveries);
        message.Id.ShouldBe("uid-1-run7-4-1-InstallChat-slack");
        var delivery = JsonSerializer.Deserialize(message.Body, MessageJson.Default.Delivery)!;
        (delivery.Receiver, delivery.Target).ShouldBe((ReceiverKind.InstallChat, "slack"));
        delivery.Notice.Entry.Message.ShouldBe("New revision detected, progressing canary analysis.");
    }

    [Theory]
    [InlineData("deliver-notice.storage-queue")]
    [InlineData("deliver-notice.service-bus")]
    public async Task Delivery_TellsItsReceiverOnce_HoweverOftenItComes(string invocation)
    {
        _host.PutApplication();

        (await _host.InvokeAsync(nameof(DeliverNotice), invocation)).ShouldBeDone();
        (await _host.InvokeAsync(nameof(DeliverNotice), invocation)).ShouldBeDone();

        var call = _host.Chat.Calls.ShouldHaveSingleItem();
        call.Url.ShouldBe(new Uri("http://chat/slack"));
        JsonNode.Parse(call.Body!).ListAt("attachments").First().Text("text").ShouldBe("New revision detected, progressing canary analysis.");
        _host.Status.Deliveries.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task ChatThatIsAway_IsToldLater()
    {
        _host.PutApplication();
        _host.Chat.Says = new(503, "try later");

        (await _host.InvokeAsync(nameof(DeliverNotice), "deliver-notice.storage-queue")).ShouldBeDone();

        var copy = _host.Queue.Waiting.ShouldHaveSingleItem();
        copy.NotBefore.ShouldBe(_host.Clock.GetUtcNow().AddSeconds(2));
        JsonSerializer.Deserialize(copy.Body, MessageJson.Default.Delivery)!.Attempts.ShouldBe(1);
        _host.Status.Deliveries.ShouldBeEmpty();
    }

    [Fact]
    public async Task NoticeOfACanaryThatIsGone_TellsNobody()
    {
        (await _host.InvokeAsync(nameof(FanOutNotice), "fan-out-notice.storage-queue")).ShouldBeDone();
        (await _host.InvokeAsync(nameof(DeliverNotice), "deliver-notice.storage-queue")).ShouldBeDone();
        _host.Queue.Waiting.ShouldBeEmpty();
        _host.Chat.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task ClusterThatIsAway_PutsTheFanOutOff()
    {
        _host.PutApplication();
        _host.Cluster.BeforeRead = _ => throw new ClusterException(0, "NoAnswer", "connection refused");

        (await _host.InvokeAsync(nameof(FanOutNotice), "fan-out-notice.service-bus")).ShouldBeDone();

        var copy = _host.Queue.Waiting.ShouldHaveSingleItem();
        (copy.Queue, copy.NotBefore).ShouldBe((QueueNames.Notices, _host.Clock.GetUtcNow().AddSeconds(10)));
        JsonSerializer.Deserialize(copy.Body, MessageJson.Default.Notice)!.Id.ShouldBe("uid-1-run7-4-1");
    }

    [Fact]
    public async Task BrokerThatIsAway_FailsTheFanOut()
    {
        _host.PutApplication();
        _host.Queue.BeforeEnqueue = _ => throw new InvalidOperationException("the broker is away");

        (await _host.InvokeAsync(nameof(FanOutNotice), "fan-out-notice.storage-queue")).ShouldBeFailed();
    }
}
