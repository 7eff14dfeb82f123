using System.Text.Json.Nodes;
using static CanaryFunctions.Simulator.Workloads.DeploymentView;

namespace CanaryFunctions.Simulator.Workloads;

/// <summary>A ReplicaSet and the size it is to have next.</summary>
internal sealed record SetSize(JsonObject Set, int Replicas);

/// <summary>Decides the next sizes of a Deployment's ReplicaSets. Pure; one small step at a time, the next is decided on what comes of this one.</summary>
internal static class RolloutPlan
{
    public static IReadOnlyList<SetSize> Next(DeploymentView view, bool oldPodsRemain)
    {
        var plan = view switch
        {
            { Current: null } => [],
            { IsPaused: true } => Resize(view),
            { IsRecreate: true } => Recreate(view, oldPodsRemain),
            _ => GrowCurrent(view) is { } grown ? [grown] : ShrinkOlder(view),
        };
        return [.. plan.Where(p => p.Replicas != Size(p.Set))];
    }

    // A paused Deployment still follows its size, but only where no rollout is under way.
    private static List<SetSize> Resize(DeploymentView view)
        => view.Older.All(s => Size(s) == 0) ? [new(view.Current!, view.Wanted)] : [];

    private static List<SetSize> Recreate(DeploymentView view, bool oldPodsRemain)
    {
        var stopping = view.Older.Where(s => Size(s) > 0).Select(s => new SetSize(s, 0)).ToList();
        return stopping.Count > 0 ? stopping : oldPodsRemain ? [] : [new(view.Current!, view.Wanted)];
    }

    private static SetSize? GrowCurrent(DeploymentView view)
    {
        var size = Size(view.Current!);
        if (size > view.Wanted)
        {
            return new(view.Current!, view.Wanted);
        }

        var room = view.Wanted + view.MaxSurge - view.Sets.Sum(Size);
        var growth = Math.Min(room, view.Wanted - size);
        return growth > 0 ? new(view.Current!, size + growth) : null;
    }

    private static List<SetSize> ShrinkOlder(DeploymentView view)
    {
        var minAvailable = view.Wanted - view.MaxUnavailable;
        var currentUnavailable = Size(view.Current!) - Count(view.Current!, "availableReplicas");
        var removable = view.Sets.Sum(Size) - minAvailable - currentUnavailable;
        if (removable <= 0)
        {
            return [];
        }

        var sizes = view.Older.ToDictionary(s => s, Size);

        // Pods that serve nobody go first: they cost no availability.
        Take(sizes, removable, set => sizes[set] - Count(set, "availableReplicas"));
        Take(sizes, view.Sets.Sum(s => Count(s, "availableReplicas")) - minAvailable, set => sizes[set]);
        return [.. sizes.Select(s => new SetSize(s.Key, s.Value))];
    }

    private static void Take(Dictionary<JsonObject, int> sizes, int atMost, Func<JsonObject, int> available)
    {
        foreach (var set in sizes.Keys.ToList())
        {
            var taken = Math.Clamp(Math.Min(atMost, available(set)), 0, sizes[set]);
            sizes[set] -= taken;
            atMost -= taken;
        }
    }
}
