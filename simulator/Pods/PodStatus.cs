using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Simulator.Workloads;

namespace CanaryFunctions.Simulator.Pods;

/// <summary>Computes a pod's status as a kubelet reports it. Pure.</summary>
internal static class PodStatus
{
    private const string HostIp = "10.244.0.1";

    public static JsonObject Of(JsonObject pod, PodSandbox sandbox, DateTimeOffset now)
    {
        var started = now >= sandbox.ReadyAt && sandbox.Containers.All(c => c.Process is not null);
        var unready = started ? [.. sandbox.Containers.Where(c => !c.Process!.IsReady).Select(c => c.Name)] : sandbox.Containers.Select(c => c.Name).ToList();
        return new JsonObject
        {
            ["phase"] = started ? "Running" : "Pending",
            ["conditions"] = Conditions(pod, unready, now),
            ["hostIP"] = HostIp,
            ["podIP"] = sandbox.Ip,
            ["podIPs"] = new JsonArray(new JsonObject { ["ip"] = sandbox.Ip }),
            ["startTime"] = KubeObject.Timestamp(sandbox.StartedAt),
            ["containerStatuses"] = new JsonArray([.. sandbox.Containers.Select(c => Container(c, sandbox, now))]),
            ["qosClass"] = pod.Text("status", "qosClass") ?? "BestEffort",
        };
    }

    private static JsonArray Conditions(JsonObject pod, List<string> unready, DateTimeOffset now)
    {
        var ready = unready.Count == 0;
        var (reason, message) = ready ? ("", "") : ("ContainersNotReady", $"containers with unready status: [{string.Join(' ', unready)}]");
        return
        [
            Condition("Initialized", true, "", ""),
            Condition("Ready", ready, reason, message),
            Condition("ContainersReady", ready, reason, message),
            Condition("PodScheduled", true, "", ""),
        ];

        JsonObject Condition(string type, bool holds, string why, string text)
            => StatusConditions.Make(StatusConditions.Find(pod, type), type, holds, why, text, now);
    }

    private static JsonObject Container(PodContainer container, PodSandbox sandbox, DateTimeOffset now)
    {
        var running = container.Process is not null && now >= sandbox.ReadyAt;
        var status = new JsonObject
        {
            ["name"] = container.Name,
            ["state"] = State(container, sandbox, running),
            ["lastState"] = new JsonObject(),
            ["ready"] = running && container.Process!.IsReady,
            ["restartCount"] = 0,
            ["image"] = container.Image.Text,
            ["imageID"] = container.Process is null ? "" : $"embedded://{container.Image.Text}",
            ["started"] = running,
        };
        if (running)
        {
            status["containerID"] = $"embedded://{sandbox.Uid}/{container.Name}";
        }

        return status;
    }

    private static JsonObject State(PodContainer container, PodSandbox sandbox, bool running)
    {
        if (running)
        {
            return new() { ["running"] = new JsonObject { ["startedAt"] = KubeObject.Timestamp(sandbox.StartedAt) } };
        }

        var waiting = container.Process is null
            ? new JsonObject { ["reason"] = "ImagePullBackOff", ["message"] = $"Back-off pulling image \"{container.Image.Text}\"" }
            : new JsonObject { ["reason"] = "ContainerCreating" };
        return new() { ["waiting"] = waiting };
    }
}
