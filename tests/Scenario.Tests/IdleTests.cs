using CanaryFunctions.Cli.Playground;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Scenario.Tests.Staging;
using CanaryFunctions.Simulator.Api;

namespace CanaryFunctions.Scenario.Tests;

public sealed class IdleTests
{
    private const int Sweeps = 5;

    [Fact]
    public async Task CanaryAtRest_CostsNothingButTheSweepsTwoLists()
    {
        using var counter = new RequestCounter();
        await using var stage = await Stage.InitializedAsync(Analysis.Short, new() { Speed = 100, Client = new() { Handlers = [counter] } });
        await stage.UntilAsync(() => stage.Chat.Count >= 2 && stage.Status.Deliveries.Count >= 2, "everybody was told of the initialization");
        stage.Status.Phase.ShouldBe(CanaryPhase.Initialized);
        counter.Counted += stage.Touch;

        // A sweep that is under way belongs to the time before.
        var lists = counter.Count;
        await stage.UntilAsync(() => counter.Count >= lists + 2, "the sweep comes round");
        stage.Playground.Cluster.ApiServer.ForgetRequests();
        lists = counter.Count;
        await stage.UntilAsync(() => counter.Count >= lists + (2 * Sweeps), "the sweep comes round some more times");

        var requests = stage.Playground.Cluster.ApiServer.Requests.Where(r => r.User == Playground.ProductUser.Name).ToList();

        // The replica's Lease goes by the wall clock and costs the same whatever there is.
        requests.Where(r => r.Verb is not ("list" or "watch") && r.Resource != Kinds.Lease.Plural).ShouldBeEmpty(string.Join('\n', requests.Select(r => $"{r.Verb} {r.Path}{r.Query}")));
        requests.Where(IsList).Select(r => r.Resource).Distinct().Order(StringComparer.Ordinal).ShouldBe(["canaries", "deployments"]);
        requests.Count(IsList).ShouldBeInRange((2 * Sweeps) - 2, (2 * Sweeps) + 2);
    }

    private static bool IsList(ApiRequest request) => request.Verb == "list";

    /// <summary>Sees each request that the product sends.</summary>
    private sealed class RequestCounter : DelegatingHandler
    {
        private int _count;

        internal event Action? Counted;

        internal int Count => Volatile.Read(ref _count);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _count);
            Counted?.Invoke();
            return base.SendAsync(request, cancellationToken);
        }
    }
}
