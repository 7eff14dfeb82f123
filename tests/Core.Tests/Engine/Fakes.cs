using System.Text.Json.Nodes;
using CanaryFunctions.Core.Analysis;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Notifying;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Core.Routing;

namespace CanaryFunctions.Core.Tests.Engine;

/// <summary>A router whose whole state is one object with two weights.</summary>
internal sealed class FakeRouter : ITrafficRouter
{
    internal static readonly ResourceKind Route = new("test", "v1", "Route", "routes");

    public string Name => "fake";

    public RouterCapabilities Capabilities => RouterCapabilities.None;

    /// <summary>Why nothing can be routed, as with an ingress that is not there; null when it can.</summary>
    public string? Problem { get; set; }

    public static ObjectRef RefOf(Canary canary) => new(Route, canary.Namespace, canary.ApexService);

    public IReadOnlyList<ObjectRef> Needs(Canary canary, IServedKinds kinds) => [RefOf(canary)];

    public TrafficSplit? Observe(RouteInput input)
        => input.Find(RefOf(input.Canary)).Integer("spec", "canary") is { } weight ? TrafficSplit.ToCanary(weight) : null;

    public RoutePlan Plan(RouteInput input, TrafficSplit split)
    {
        if (Problem is not null)
        {
            return RoutePlan.Blocked(Problem);
        }

        var reference = RefOf(input.Canary);
        var existing = input.Find(reference);
        var desired = existing?.Copy() ?? KubeObject.New(Route, reference.Namespace, reference.Name);
        desired["spec"] = new JsonObject { ["primary"] = split.Primary, ["canary"] = split.Canary };
        return ObjectChange.Between(reference, existing, desired) is { } change ? RoutePlan.Of(change) : RoutePlan.Unchanged;
    }

    public RoutePlan Restore(RouteInput input)
        => input.Find(RefOf(input.Canary)) is { } existing ? RoutePlan.Of(ObjectChange.Delete(RefOf(input.Canary), existing)) : RoutePlan.Unchanged;
}

internal sealed class FakeChecks : IBuiltInChecks
{
    public string Name => "fake";

    public string SuccessRateQuery => "success {{ target }}";

    public string DurationQuery => "duration {{ target }}";

    public TimeSpan DurationUnit => TimeSpan.FromMilliseconds(1);

    public bool EncodesNames => false;
}

/// <summary>Answers every query by a function of the test.</summary>
internal sealed class FakeMetrics : IMetricProvider
{
    public string Name => "prometheus";

    public Func<MetricQuery, MetricSample> Answer { get; set; } = query => new MetricSample.Value(query.Query.StartsWith("success", StringComparison.Ordinal) ? 100 : 10);

    public string? ProbeProblem { get; set; }

    /// <summary>The answer is on its way until this ends; null for at once.</summary>
    public Task? Delay { get; set; }

    public async Task<MetricSample> QueryAsync(MetricQuery query, CancellationToken ct)
    {
        var answer = Answer(query);
        if (Delay is { } delay)
        {
            await delay;
        }

        return answer;
    }

    public Task<string?> ProbeAsync(MetricQuery query, CancellationToken ct) => Task.FromResult(ProbeProblem);
}

internal sealed class FakeNotifier : INotifier
{
    public string Name => "slack";

    public HttpCall Render(Alert alert, AlertAddress address)
        => new("POST", address.Url, TimeSpan.FromSeconds(5)) { Body = $"{alert.Severity}: {alert.Text}", DisplayName = "slack" };

    public string? Problem(HttpAnswer answer) => answer.IsSuccess ? null : $"status {answer.Status}";
}

/// <summary>The outside: records every call and answers by a function of the test.</summary>
internal sealed class FakeHttp : IHttpCaller
{
    public List<HttpCall> Calls { get; } = [];

    public Func<HttpCall, HttpAnswer> Answer { get; set; } = _ => new(200, "");

    public Task<HttpAnswer> SendAsync(HttpCall call, CancellationToken ct)
    {
        lock (Calls)
        {
            Calls.Add(call);
        }

        return Task.FromResult(Answer(call));
    }
}
