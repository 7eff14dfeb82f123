using System.Net;
using System.Text;
using System.Text.Json;
using CanaryFunctions.Core;
using CanaryFunctions.Core.Delivering;
using CanaryFunctions.Core.Engine.Schemas;
using CanaryFunctions.Core.Notifying;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Platform.Hosting;
using CanaryFunctions.Platform.Http;
using CanaryFunctions.Platform.Kubernetes.Clusters;
using CanaryFunctions.TestKit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Functions.Tests;

/// <summary>One app for several clusters, whose API servers are stubs here.</summary>
public sealed class FleetTests : IAsyncDisposable
{
    private readonly FakeClock _clock = new();
    private readonly FakeQueue _queue;
    private readonly Dictionary<string, Api> _apis = new(StringComparer.Ordinal);
    private ServiceProvider? _services;

    public FleetTests() => _queue = new(_clock);

    private Fleet Fleet => _services!.GetRequiredService<Fleet>();

    private static QueueFunction Steps(ServiceProvider services) => (QueueFunction)services.GetRequiredService<FunctionRegistry>().Find(nameof(AdvanceRollout))!;

    [Fact]
    public async Task Message_GoesToTheClusterItNames_WhateverTheCase()
    {
        Open("east", "west");

        await DeliverAsync("West");

        _apis["west"].Paths.ShouldContain("/apis/flagger.app/v1beta1/namespaces/test/canaries/podinfo");
        _apis["east"].Paths.ShouldBeEmpty();
    }

    [Fact]
    public async Task NoticesAndDeliveries_GoToTheirClustersToo()
    {
        Open("east", "west");
        var notice = new Notice("n-1", "test", "podinfo", new(1, 0, Core.Canaries.OutboxKind.Event, "Progressing"), "sum", "run") { Cluster = "west" };
        var registry = _services!.GetRequiredService<FunctionRegistry>();

        await ((QueueFunction)registry.Find(nameof(FanOutNotice))!).RunAsync(_services!, new(notice.ToMessage().Body, "n-1", 1), default);
        await ((QueueFunction)registry.Find(nameof(DeliverNotice))!).RunAsync(
            _services!, new(new Delivery("d-1", ReceiverKind.EventHook, "hook", notice).ToMessage("d-1").Body, "d-1", 1), default);

        _apis["west"].Paths.Count.ShouldBe(2);
        _apis["east"].Paths.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("north", "A message is about cluster 'north', which this app does not serve: east, west. The webhook's CLUSTER_NAME and a CLUSTERS__name of this app must agree.")]
    [InlineData(null, "A message names no cluster, and this app serves several: east, west. The webhook's CLUSTER_NAME and a CLUSTERS__name of this app must agree.")]
    public async Task MessageOfNoneOfThem_Fails_SoThatTheQueueCounts(string? cluster, string problem)
    {
        Open("west", "east");

        (await Should.ThrowAsync<UnknownClusterException>(() => DeliverAsync(cluster))).Message.ShouldBe(problem);
        _queue.Waiting.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("east")]
    public async Task OnlyCluster_IsMeantByMessagesThatNameNone(string? cluster)
    {
        Open("east");

        await DeliverAsync(cluster);

        _apis["east"].Paths.ShouldNotBeEmpty();
    }

    [Fact]
    public void Partition_TellsTheClustersApart_SoThatTheirCanariesDoNotWaitForEachOther()
    {
        Open("east", "west");
        var partition = Steps(_services!).Partition!;

        partition(Body("east")).ShouldNotBe(partition(Body("west")));
        partition(Body("east")).ShouldBe(partition(Body("east")));
    }

    [Fact]
    public void Clusters_ShareClockQueueAndConnections_AndNothingThatIsAboutOne()
    {
        Open("east", "west");
        var (east, west) = (Fleet.For("east"), Fleet.For("west"));

        foreach (var shared in new[] { typeof(TimeProvider), typeof(IStepQueue), typeof(ConnectionPools), typeof(ILoggerFactory) })
        {
            east.GetRequiredService(shared).ShouldBeSameAs(west.GetRequiredService(shared));
        }

        foreach (var own in new[] { typeof(IClusterClient), typeof(CanaryOptions), typeof(SchemaGuard), typeof(IHttpCaller), typeof(DeliverySender), typeof(AdvanceRollout) })
        {
            east.GetRequiredService(own).ShouldNotBeSameAs(west.GetRequiredService(own));
        }
    }

    [Fact]
    public async Task Sweep_ComesToAllClusters_AndItsMessagesNameTheirs()
    {
        Open("east", "west");
        _apis.Values.ToList().ForEach(api => api.HasCanary = true);

        await SweepAsync();

        _queue.Waiting.Select(m => JsonSerializer.Deserialize(m.Body, MessageJson.Default.StepMessage)!.Cluster).ShouldBe(["east", "west"], ignoreOrder: true);
    }

    [Fact]
    public async Task ClusterThatIsAway_KeepsNoOtherFromBeingSwept()
    {
        Open("east", "south", "west");
        _apis.Values.ToList().ForEach(api => api.HasCanary = true);
        _apis["east"].Fails = true;
        _apis["south"].Hangs = true;

        var sweep = SweepAsync();
        _queue.Waiting.ShouldHaveSingleItem().Body.ShouldContain("\"cluster\":\"west\"");
        _clock.Advance(TimeSpan.FromSeconds(20));

        (await Should.ThrowAsync<FleetSweepException>(() => sweep.WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System))).Message
            .ShouldBe("2 of 3 clusters could not be swept. east: the server is away south: not done within 20 s.");
    }

    [Fact]
    public void KubeConfigThatIsMissing_IsToldAtTheStart_ByItsSetting()
    {
        var clusters = FleetSettings.Read(new ConfigurationBuilder().AddInMemoryCollection([new("CLUSTERS:east:KUBECONFIG", "no/such/file")]).Build());
        Compose(clusters);

        Should.Throw<Platform.Kubernetes.KubeConfigException>(() => Fleet).Message.ShouldStartWith("CLUSTERS__east: ");
    }

    public async ValueTask DisposeAsync()
    {
        if (_services is not null)
        {
            await _services.DisposeAsync();
        }
    }

    private static string Body(string? cluster) => (new StepMessage("test", "podinfo", StepCauses.Admission) { Cluster = cluster }).ToMessage("m").Body;

    private Task DeliverAsync(string? cluster) => Steps(_services!).RunAsync(_services!, new(Body(cluster), "m-1", 1), default);

    private Task SweepAsync() => ((TimerFunction)_services!.GetRequiredService<FunctionRegistry>().Find(nameof(SweepRollouts))!).RunAsync(_services!, default);

    private void Open(params string[] names)
    {
        var settings = names.Select(name => KeyValuePair.Create($"CLUSTERS:{name}:KUBECONFIG", (string?)$$"""
            { current-context: x, contexts: [{ name: x, context: { cluster: c } }], clusters: [{ name: c, cluster: { server: "http://{{name}}.example" } }] }
            """));
        var clusters = FleetSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(settings).AddInMemoryCollection([new("MESH_PROVIDER", "skipper")]).Build());
        Compose([.. clusters.Select(c => c with { Kubernetes = c.Kubernetes with { Client = new() { MaxAttempts = 1, Handlers = [_apis[c.Name] = new()] } } })]);
    }

    private void Compose(IReadOnlyList<ClusterSettings> clusters) => _services = new ServiceCollection()
        .AddLogging()
        .AddSingleton<TimeProvider>(_clock)
        .AddSingleton<IStepQueue>(_queue)
        .AddCanaryFleet(clusters)
        .BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });

    /// <summary>An API server that knows one Canary, or none.</summary>
    private sealed class Api : DelegatingHandler
    {
        public List<string> Paths { get; } = [];

        public bool HasCanary { get; set; }

        public bool Fails { get; set; }

        public bool Hangs { get; set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var path = request.RequestUri!.AbsolutePath;
            Paths.Add(path);
            if (Hangs)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }

            return Fails ? Json(500, """{"kind":"Status","reason":"InternalError","message":"the server is away","code":500}""")
                : !path.EndsWith('s') ? Json(404, "{}")
                : Json(200, $$"""{"metadata":{"resourceVersion":"1"},"items":[{{(HasCanary && path.EndsWith("/canaries", StringComparison.Ordinal) ? Canary(request) : "")}}]}""");
        }

        private static string Canary(HttpRequestMessage request)
            => $$$"""{"metadata":{"name":"podinfo","namespace":"test","uid":"uid-{{{request.RequestUri!.Host}}}","generation":1},"spec":{"targetRef":{"kind":"Deployment","name":"podinfo"} } }""";

        private static HttpResponseMessage Json(int status, string body)
            => new((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
    }
}
