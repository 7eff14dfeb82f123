using System.Text.Json.Nodes;
using CanaryFunctions.Cluster.Tests.Conformance;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Cluster.Tests.Faults.Mishaps;

/// <summary>
/// An admission webhook says what a full quota and what a rate limit of events say. A ResourceQuota cannot: it leaves events out
/// (kubernetes/kubernetes, pkg/quota/v1/install/registry.go, ignoredResources: "events haven't been quota-ed before"; pull request 65856). The words of the
/// rate limit are those of the plugin EventRateLimit (plugin/pkg/admission/eventratelimit/limitenforcer.go).
/// </summary>
internal sealed class EventsRefused : Fault
{
    private const string Path = "/events";

    private static readonly Refusal Quota = new(403, "Forbidden", "exceeded quota: events, requested: count/events=1, used: count/events=100, limited: count/events=100");
    private static readonly Refusal Rate = new(429, "TooManyRequests", "limit reached on type Namespace for key eventsrefused");

    internal override string Name => "Events are refused: the namespace's quota is full, or their rate is limited";

    internal override bool HasEvents => false;

    internal override async Task<string> PlayAsync(FaultRun run)
    {
        var (refused, said) = (0, (Refusal[])[Quota, Rate]);
        await using var quota = await ReviewServer.StartAsync();
        quota.On(Path, _ =>
        {
            var now = said;
            return now[Interlocked.Increment(ref refused) % now.Length].Answer();
        });
        await run.Stage.Client.MergePatchAsync(
            new(Kinds.Namespace, null, run.Stage.Place.Namespace), new() { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["quota"] = "full" } } }, null, CancellationToken.None);
        await run.Stage.ApplyAsync(Registration(quota));
        var times = run.Times(1, 3);
        for (var time = 0; time < times; time++)
        {
            said = times == 1 ? said : time % 2 == 0 ? [Quota] : [Rate];
            await run.BeginAsync();
            await run.EndAsync();
        }

        refused.ShouldBeGreaterThan(times);
        return $"{refused} times an event was refused, {(times == 1 ? "with 403 and 429 by turns" : "with 403 in one release and with 429 in the next, by turns")}; the releases went on";
    }

    private static JsonObject Registration(ReviewServer quota)
    {
        var registration = KubeObject.New(Kinds.ValidatingWebhookConfiguration, null, "event-quota");
        registration["webhooks"] = new JsonArray(new JsonObject
        {
            ["name"] = "quota.example.com",
            ["admissionReviewVersions"] = new JsonArray("v1"),
            ["sideEffects"] = "None",
            ["failurePolicy"] = "Fail",
            ["namespaceSelector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["quota"] = "full" } },
            ["rules"] = new JsonArray(new JsonObject
            {
                ["apiGroups"] = new JsonArray("", "events.k8s.io"),
                ["apiVersions"] = new JsonArray("*"),
                ["operations"] = new JsonArray("CREATE"),
                ["resources"] = new JsonArray("events"),
            }),
            ["clientConfig"] = new JsonObject { ["url"] = new Uri(quota.Address, Path).ToString(), ["caBundle"] = quota.CaBundle },
        });
        return registration;
    }

    private sealed record Refusal(int Code, string Reason, string Message)
    {
        internal JsonObject Answer() => new() { ["allowed"] = false, ["status"] = new JsonObject { ["code"] = Code, ["reason"] = Reason, ["message"] = Message } };
    }
}
