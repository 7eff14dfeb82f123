using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Admission;

/// <summary>
/// Writes the contract's fixed defaults into a Canary, so that <c>kubectl get -o yaml</c> shows what applies. Nothing that comes from the install's settings
/// or from another field (it would go stale), and nothing inside lists (kubectl apply replaces them whole and would report a change each time).
/// </summary>
public static class CanaryDefaults
{
    /// <summary>Adds what is missing; what somebody wrote stays. Applying it again changes nothing.</summary>
    public static void Apply(JsonObject canary)
    {
        if (canary["spec"] is not JsonObject spec)
        {
            return;
        }

        Default(spec, "progressDeadlineSeconds", 600);
        if (spec["service"] is JsonObject service)
        {
            Default(service, "portName", "http");
        }

        if (spec.ObjectAt("analysis", "sessionAffinity") is { } affinity)
        {
            Default(affinity, "maxAge", 86400);
        }
    }

    private static void Default(JsonObject parent, string key, JsonValue value)
    {
        if (parent[key] is null)
        {
            parent[key] = value;
        }
    }

    private static void Default(JsonObject parent, string key, int value) => Default(parent, key, JsonValue.Create(value));

    private static void Default(JsonObject parent, string key, string value) => Default(parent, key, JsonValue.Create(value));
}
