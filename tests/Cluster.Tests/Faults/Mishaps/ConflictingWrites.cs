using System.Globalization;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Scenario.Tests.Staging;

namespace CanaryFunctions.Cluster.Tests.Faults.Mishaps;

internal sealed class ConflictingWrites : Fault
{
    private const string Annotation = "example.com/second-writer";

    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(100);

    internal override string Name => "A second writer of every object we touch";

    internal override async Task<string> PlayAsync(FaultRun run)
    {
        var times = run.Times(1, 5);
        using var stop = new CancellationTokenSource();
        var writing = WriteAsync(run.Stage, stop.Token);
        try
        {
            for (var time = 0; time < times; time++)
            {
                await run.BeginAsync();
                await run.EndAsync();
            }
        }
        finally
        {
            await stop.CancelAsync();
        }

        var (objects, writes) = await writing;
        writes.ShouldBeGreaterThan(10 * objects);
        return string.Create(CultureInfo.InvariantCulture, $"{objects} objects annotated up to {1 / Round.TotalSeconds:0} times a second each, {writes} writes in all");
    }

    private static async Task<(int Objects, int Writes)> WriteAsync(FaultStage stage, CancellationToken stop)
    {
        var (objects, writes) = (await ObjectsAsync(stage), 0);
        using var rounds = new PeriodicTimer(Round, TimeProvider.System);
        while (await rounds.WaitForNextTickAsync(CancellationToken.None) && !stop.IsCancellationRequested)
        {
            foreach (var written in objects)
            {
                var patch = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [Annotation] = writes.ToString(CultureInfo.InvariantCulture) } } };
                try
                {
                    await stage.Client.MergePatchAsync(written, patch, null, CancellationToken.None);
                    writes++;
                }
                catch (ClusterException e) when (e.IsConflict)
                {
                    // The product was quicker.
                }
            }
        }

        return (objects.Count, writes);
    }

    private static async Task<IReadOnlyList<ObjectRef>> ObjectsAsync(FaultStage stage)
    {
        var scaler = (await stage.Client.ServedKindsAsync(CancellationToken.None)).Find("autoscaling", "HorizontalPodAutoscaler").ShouldNotBeNull();
        IReadOnlyList<(ResourceKind Kind, string Suffix)> all =
        [
            (Kinds.Canary, ""), (Kinds.Deployment, ""), (Kinds.Deployment, "-primary"), (Kinds.Service, ""), (Kinds.Service, "-primary"), (Kinds.Service, "-canary"),
            (Kinds.Ingress, ""), (Kinds.Ingress, "-canary"), (scaler, ""), (scaler, "-primary"),
        ];
        return [.. all.Select(o => new ObjectRef(o.Kind, stage.Place.Namespace, $"{Scene.App}{o.Suffix}"))];
    }
}
