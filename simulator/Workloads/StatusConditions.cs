using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Simulator.Workloads;

/// <summary>The list <c>status.conditions</c> of a built-in object.</summary>
internal static class StatusConditions
{
    public static JsonObject? Find(JsonNode? obj, string type)
        => obj.ListAt("status", "conditions").OfType<JsonObject>().FirstOrDefault(c => c.Text("type") == type);

    public static bool IsTrue(JsonNode? obj, string type) => Find(obj, type).Text("status") == "True";

    /// <summary>A condition; where the status is the same as before, so is its transition time.</summary>
    /// <param name="before">The condition as it was, or null.</param>
    public static JsonObject Make(JsonObject? before, string type, bool holds, string reason, string message, DateTimeOffset now)
    {
        var status = holds ? "True" : "False";
        var condition = new JsonObject
        {
            ["type"] = type,
            ["status"] = status,
            ["lastTransitionTime"] = before.Text("status") == status ? before.Text("lastTransitionTime") : KubeObject.Timestamp(now),
        };
        if (reason.Length > 0)
        {
            condition["reason"] = reason;
        }

        if (message.Length > 0)
        {
            condition["message"] = message;
        }

        return condition;
    }
}
