using System.Diagnostics;
using System.Text.Json.Nodes;
using CanaryFunctions.Cli.Playground;
using CanaryFunctions.Cli.Scenarios;
using CanaryFunctions.Cluster.Tests.RealParts;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Cluster.Tests.Scale;

/// <summary>Many Canaries: at rest, then all released at once.</summary>
internal static class ScaleRun
{
    private const string Account = $"system:serviceaccount:{ProductAccess.Namespace}:{ProductAccess.Account}";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(12);
    private static readonly ParallelOptions Users = new() { MaxDegreeOfParallelism = 8 };

    internal static async Task<ScaleFigures> PlayAsync(RealCluster cluster, ScaleOptions options)
    {
        await using var watch = new StepWatch(cluster.Person);
        await SetUpAsync(cluster, options);
        await UntilAsync(() => watch.Count(CanaryPhase.Initialized) == options.Canaries, () => $"{watch.Count(CanaryPhase.Initialized)} initialized", cluster);
        var (idleRequests, idleProcessor) = await RestAsync(cluster, options);

        watch.Reset();
        var audit = new AuditLog(cluster.Plane.AuditLog);
        var (from, processor, started) = (audit.End, Processor(cluster), TimeProvider.System.GetTimestamp());
        await Parallel.ForAsync(0, options.Canaries, Users, async (i, ct) => await ReleaseAsync(cluster, i, ct));
        await UntilAsync(() => watch.Count(CanaryPhase.Succeeded) == options.Canaries, () => $"{watch.Count(CanaryPhase.Succeeded)} promoted", cluster);

        var (steps, late, ticksLate) = watch.Seen;
        return new()
        {
            Canaries = options.Canaries,
            Duration = TimeProvider.System.GetElapsedTime(started),
            Promoted = await PromotedAsync(cluster),
            Steps = steps,
            Late = late,
            TicksLate = ticksLate,
            RequestKinds = audit.Of(Account, from).CountBy(KindOf).ToDictionary(),
            Processor = Processor(cluster) - processor,
            IdleRequestsPerMinute = idleRequests / options.Idle.TotalMinutes,
            IdleProcessorPercent = 100 * idleProcessor / options.Idle,
            MemoryMegabytes = Process.GetProcessById(cluster.Product.Process.Id).WorkingSet64 / 1e6,
        };
    }

    private static string KindOf(JsonNode entry)
    {
        var sub = entry.Text("objectRef", "subresource");
        return $"{entry.Text("verb")} {entry.Text("objectRef", "resource")}{(sub is null ? "" : $"/{sub}")}";
    }

    private static async Task SetUpAsync(RealCluster cluster, ScaleOptions options)
    {
        await cluster.Kubectl.ApplyAsync(ScaleObjects.Shared(cluster.Prometheus.Address));
        await Parallel.ForAsync(0, options.Canaries, Users, async (i, ct) => await new UserCommands(cluster.Person, TimeProvider.System).ApplyAsync(ScaleObjects.Of(i), ct));
    }

    private static async Task<(int Requests, TimeSpan Processor)> RestAsync(RealCluster cluster, ScaleOptions options)
    {
        var audit = new AuditLog(cluster.Plane.AuditLog);
        var (from, processor) = (audit.End, Processor(cluster));
        await Task.Delay(options.Idle, TimeProvider.System);
        return (audit.Of(Account, from).Count(), Processor(cluster) - processor);
    }

    private static Task<JsonObject> ReleaseAsync(RealCluster cluster, int index, CancellationToken ct)
    {
        var container = new JsonObject { ["name"] = ScaleObjects.Container, ["image"] = ScaleObjects.Image(2) };
        var apply = new JsonObject
        {
            ["apiVersion"] = Kinds.Deployment.ApiVersion,
            ["kind"] = Kinds.Deployment.Kind,
            ["metadata"] = new JsonObject { ["name"] = ScaleObjects.NameOf(index), ["namespace"] = ScaleObjects.NamespaceOf(index) },
            ["spec"] = new JsonObject { ["template"] = new JsonObject { ["spec"] = new JsonObject { ["containers"] = new JsonArray((JsonNode)container) } } },
        };
        return cluster.Person.ApplyAsync(Kinds.Deployment, apply, "scale-run", force: true, ct);
    }

    private static async Task<int> PromotedAsync(RealCluster cluster)
        => (await cluster.Person.ListAsync(Kinds.Deployment, null, new(), CancellationToken.None)).Items.Count(d =>
            d.Name().EndsWith("-primary", StringComparison.Ordinal) && d.ListAt("spec", "template", "spec", "containers").First().Text("image") == ScaleObjects.Image(2));

    private static TimeSpan Processor(RealCluster cluster)
    {
        using var process = Process.GetProcessById(cluster.Product.Process.Id);
        return process.TotalProcessorTime;
    }

    private static async Task UntilAsync(Func<bool> condition, Func<string> seen, RealCluster cluster)
    {
        var deadline = TimeProvider.System.GetUtcNow() + Patience;
        while (!condition())
        {
            if (TimeProvider.System.GetUtcNow() > deadline)
            {
                Assert.Fail($"Not so within {Patience.TotalMinutes} min: {seen()}.\n{string.Join('\n', cluster.Product.Tail())}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
    }
}
