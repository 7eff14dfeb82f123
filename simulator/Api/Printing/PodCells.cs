using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Trees;

namespace CanaryFunctions.Simulator.Api.Printing;

/// <summary>READY, STATUS and RESTARTS of a pod.</summary>
internal static class PodCells
{
    public static string Ready(JsonObject pod)
        => $"{Statuses(pod).Count(s => s.Flag("ready") == true)}/{pod.Arr("spec", "containers")?.Count ?? 0}";

    public static string Restarts(JsonObject pod) => $"{Statuses(pod).Sum(s => s.Int("restartCount") ?? 0)}";

    public static string Status(JsonObject pod)
    {
        if (pod.Str("metadata", "deletionTimestamp") is not null)
        {
            return "Terminating";
        }

        var waiting = Statuses(pod).Select(s => s.Str("state", "waiting", "reason") ?? s.Str("state", "terminated", "reason")).LastOrDefault(r => r is not null);
        return waiting ?? pod.Str("status", "reason") ?? pod.Str("status", "phase") ?? "Pending";
    }

    private static IEnumerable<JsonObject> Statuses(JsonObject pod) => pod.Arr("status", "containerStatuses").Objects();
}
