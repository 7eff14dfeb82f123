using System.Text.Json.Nodes;
using CanaryFunctions.Cluster.Tests.Conformance;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Cluster.Tests.Faults.Mishaps;

/// <summary>ResourceQuota leaves events out (Kubernetes ignores them in it), so an admission webhook says what a full quota says.</summary>
internal sealed class EventsRefused : Fault
{
    private const string Path = "/events";

    internal override string Name => "The namespace's quota of events is full";

    internal override bool HasEvents => false;

    internal override async Task<string> PlayAsync(FaultRun run)
    {
        var refused = 0;
        await using var quota = await ReviewServer.StartAsync();
        quota.On(Path, _ =>
        {
            Interlocked.Increment(ref refused);
            return new() { ["allowed"] = false, ["status"] = new JsonObject { ["code"] = 403, ["reason"] = "Forbidden", ["message"] = "exceeded quota: events" } };
        });
        await run.Stage.Client.MergePatchAsync(
            new(Kinds.Namespace, null, run.Stage.Place.Namespace), new() { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["quota"] = "full" } } }, null, CancellationToken.None);
        await run.Stage.ApplyAsync(Registration(quota));
        var times = run.Times(1, 3);
        for (var time = 0; time < times; time++)
        {
            await run.BeginAsync();
            await run.EndAsync();
        }

        refused.ShouldBeGreaterThan(times);
        return $"{refused} events were refused with 403, and the releases went on";
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
}
