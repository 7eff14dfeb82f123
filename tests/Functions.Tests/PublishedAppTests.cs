using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Functions.Tests.Host;
using CanaryFunctions.Functions.Tests.Publishing;
using CanaryFunctions.TestKit.Programs;
using CanaryFunctions.TestKit.ServiceBus;

namespace CanaryFunctions.Functions.Tests;

/// <summary>The published app as a process, kept and called by a strict stand-in of the Functions host.</summary>
[Collection(PublishedCollection.Name)]
public sealed class PublishedAppTests(PublishedApp app)
{
    // Only a test that fails takes so long.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static readonly Uri Nowhere = new("http://127.0.0.1:9/");

    private static readonly HostMessage Step =
        new("""{"namespace":"test","name":"podinfo","cause":"sweep"}""", "m-1", 1, 1, TimeProvider.System.GetUtcNow(), "lock");

    [Fact]
    public async Task ClusterThatIsAway_PutsMessagesOff_AndSaysSoInTheLogs()
    {
        await using var broker = await BrokerAsync();
        await using var host = await StandInHost.StartAsync(await app.FolderAsync("servicebus"), Settings.Of(app.Kubeconfig(Nowhere), broker.ConnectionString()));
        var notice = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "testdata", "invocations", "fan-out-notice.service-bus.json")));

        var step = await InvokeAsync(host, nameof(AdvanceRollout), Step);
        var fanOut = await host.InvokeAsync(host.Function(nameof(FanOutNotice)), JsonObject.Create(notice.RootElement)!);

        step.ShouldSatisfyAllConditions(a => a.IsSuccess.ShouldBeTrue(a.Failure), a => a.Logs.ShouldContain(l => l.StartsWith("warning: ", StringComparison.Ordinal)));
        fanOut.IsSuccess.ShouldBeTrue(fanOut.Failure);
        foreach (var queue in (string[])[QueueNames.Steps, QueueNames.Notices])
        {
            var copy = broker.Queue(queue).Messages.ShouldHaveSingleItem();
            copy.ScheduledFor.ShouldNotBeNull();
            (queue, copy.MessageId.Split('~')[0]).ShouldBe((queue, queue == QueueNames.Steps ? "m-1" : "m-fanoutnotice"));
        }
    }

    [Fact]
    public async Task UnreadableMessage_IsRetried_ThenDeadLettered()
    {
        await using var broker = await BrokerAsync();
        await using var host = await StandInHost.StartAsync(await app.FolderAsync("servicebus"), Settings.Of(app.Kubeconfig(Nowhere), broker.ConnectionString()));
        await SendAsync(broker, QueueNames.Steps, "look at podinfo, please");
        await using var listener = ServiceBusListener.Start(host, broker);

        await UntilAsync(() => broker.Queue(QueueNames.Steps).DeadLetters.Count > 0);

        broker.Queue(QueueNames.Steps).DeadLetters.ShouldHaveSingleItem().DeliveryCount.ShouldBe(new StandInQueueOptions().MaxDeliveryCount);
        broker.Queue(QueueNames.Steps).Messages.ShouldBeEmpty();
    }

    [Fact]
    public async Task StorageQueue_UnreadableMessage_IsRetriedOverAnOutage_ThenPoisoned()
    {
        await using var cluster = await SlowCluster.StartAsync();
        cluster.Release();
        var settings = Settings.Of(app.Kubeconfig(cluster.Address));
        settings["AzureWebJobsStorage"] = Settings.ConnectionOf("storage");
        await using var host = await StandInHost.StartAsync(await app.FolderAsync("storage"), settings);
        var function = host.Function(nameof(AdvanceRollout));

        var unreadable = await StorageDelivery.RunAsync(host, function, "look at podinfo, please");
        var readable = await StorageDelivery.RunAsync(host, function, Step.Body);

        unreadable.ShouldBe(new(10, TimeSpan.FromSeconds(90), "canary-steps-poison"));
        readable.ShouldBe(new(1, TimeSpan.Zero, null));
    }

    [Fact]
    public async Task ProcessThatDies_IsStartedAgain_AndItsMessageComesAgain()
    {
        await using var cluster = await SlowCluster.StartAsync();
        await using var broker = await BrokerAsync();
        await using var host = await StandInHost.StartAsync(await app.FolderAsync("servicebus"), Settings.Of(app.Kubeconfig(cluster.Address), broker.ConnectionString()));
        await SendAsync(broker, QueueNames.Steps, Step.Body);
        await using var listener = ServiceBusListener.Start(host, broker);
        await cluster.Asked.WaitAsync(Limit);

        await host.Handler.DieAsync();
        cluster.Release();

        await UntilAsync(() => broker.Queue(QueueNames.Steps).Messages.Count == 0);
        broker.Queue(QueueNames.Steps).DeadLetters.ShouldBeEmpty();
        await UntilAsync(() => host.Handler.Exits.Count > 0);
        host.Handler.Exits.ShouldBe([137]);
    }

    [Fact]
    public async Task ProcessThatIsAskedToEnd_FinishesItsInvocation_AndWantsToBeStartedAgain()
    {
        await using var cluster = await SlowCluster.StartAsync();
        await using var broker = await BrokerAsync();
        await using var host = await StandInHost.StartAsync(await app.FolderAsync("servicebus"), Settings.Of(app.Kubeconfig(cluster.Address), broker.ConnectionString()));
        var invocation = InvokeAsync(host, nameof(AdvanceRollout), Step);
        await cluster.Asked.WaitAsync(Limit);
        var address = host.Handler.Address;

        var ending = host.Handler.SignalAsync(Limit);
        await UntilAsync(() => !Listens(address));
        cluster.Release();

        (await invocation).ShouldSatisfyAllConditions(a => a.IsSuccess.ShouldBeTrue(a.Failure));
        (await ending).ShouldBe(200);
        await UntilAsync(() => host.Handler.Exits.Count > 0);
        await host.Handler.ReadyAsync(CancellationToken.None).WaitAsync(Limit);
        host.Handler.ShouldSatisfyAllConditions(h => h.Exits.ShouldBe([200]), h => h.GivenUp.ShouldBeNull());
    }

    [Theory]
    [InlineData("Canary__Queue", "inprocess", "Canary:Queue: 'inprocess' cannot be used under the Functions host; use servicebus or storage")]
    [InlineData("SPEED", "0", "speed: '0' must be a number from 1 to 1000.")]
    [InlineData("KUBECONFIG", "no-such-file", "No cluster: no kubeconfig was given")]
    public async Task BadSetting_EndsTheProcess_WithAnExitCodeThatIsSeen(string name, string value, string problem)
    {
        var settings = Settings.Of(app.Kubeconfig(Nowhere));
        settings[name] = value;

        var refused = await Should.ThrowAsync<HostRefusesException>(async () => await StandInHost.StartAsync(await app.FolderAsync("servicebus"), settings));

        refused.Message.ShouldStartWith("3 failures, the last with exit code 1.");
        refused.Message.ShouldContain(problem);
    }

    [Theory]
    [InlineData(false, "address already in use")]
    [InlineData(true, "FUNCTIONS_CUSTOMHANDLER_PORT: '-1' is no port; it must be a number from 1 to 65535.")]
    public async Task PortThatCannotBeHad_EndsTheProcess(bool isNone, string problem)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var folder = await app.FolderAsync("servicebus");
        var settings = Settings.Of(app.Kubeconfig(Nowhere));
        settings["FUNCTIONS_CUSTOMHANDLER_PORT"] = isNone ? "-1" : $"{((IPEndPoint)taken.LocalEndpoint).Port}";

        await using var process = ChildProcess.Start(HostFile.Read(folder).Executable, [], Path.Combine(folder, $"port-{isNone}.log"), settings);
        await process.Exited.WaitAsync(Limit);

        process.ExitCode.ShouldBe(1);
        process.Tail().ShouldContain(problem);
    }

    private static Task<HandlerAnswer> InvokeAsync(StandInHost host, string function, HostMessage message)
        => host.InvokeAsync(host.Function(function), Envelope.Of(host.Function(function), message, message.EnqueuedAt));

    private static async Task<ServiceBusStandIn> BrokerAsync()
    {
        var broker = await ServiceBusStandIn.StartAsync(TimeProvider.System);
        QueueNames.All.ToList().ForEach(name => broker.Create(name));
        return broker;
    }

    private static async Task SendAsync(ServiceBusStandIn broker, string queue, string body)
    {
        broker.Allow("sender");
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(broker.Address, $"{queue}/messages")) { Content = new StringContent(body) };
        request.Headers.Add("Authorization", "Bearer sender");
        request.Headers.Add("BrokerProperties", """{"MessageId":"m-1"}""");
        using var response = await http.SendAsync(request);
        response.StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    private static bool Listens(Uri address)
    {
        using var client = new TcpClient();
        try
        {
            client.Connect(address.Host, address.Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(Limit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        while (!condition())
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }
}
