using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Scenario.Tests.Staging;

/// <summary>Edits of the guide's <c>spec.analysis</c>.</summary>
internal static class Analysis
{
    /// <summary>Few steps and no metrics, for scenarios about other things; gate and acceptance test stay.</summary>
    internal static void Short(JsonObject analysis)
    {
        analysis["stepWeight"] = 25;
        analysis.Remove("metrics");
        WithoutLoad(analysis);
    }

    /// <summary>Two steps, of which the second and its follower wait for people to open the load tester's gate.</summary>
    internal static void Held(JsonObject analysis, int weight, string interval)
    {
        Short(analysis);
        analysis["stepWeight"] = weight;
        analysis["maxWeight"] = 2 * weight;
        analysis["interval"] = interval;
        Hook(analysis, "confirm-traffic-increase", "http://flagger-loadtester.test/gate/check");
    }

    internal static void WithoutLoad(JsonObject analysis)
        => analysis["webhooks"] = new JsonArray([.. analysis.ListAt("webhooks").Where(w => w.Text("name") != "load-test").Select(w => w.DeepClone())]);

    internal static void Hook(JsonObject analysis, string type, string url)
        => analysis["webhooks"]!.AsArray().Add(new JsonObject { ["name"] = type, ["type"] = type, ["url"] = url });
}
