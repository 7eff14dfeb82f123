using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Admission.Cluster;

/// <summary>What admission remembers of an object that Canaries refer to.</summary>
/// <param name="Controller">Kind and name of the object that manages it; null when nobody does.</param>
public record KnownObject(string? Controller)
{
    internal static KnownObject Read(JsonObject obj) => new(ControllerOf(obj));

    protected static string? ControllerOf(JsonObject obj)
        => obj.ListAt("metadata", "ownerReferences").Where(o => o.Flag("controller") == true)
            .Select(o => $"{o.Text("kind")} {o.Text("name")}").FirstOrDefault();
}

/// <summary>A Deployment.</summary>
/// <param name="Selector">Its <c>spec.selector.matchLabels</c>.</param>
/// <param name="Ports">Names of its containers' ports.</param>
public sealed record KnownWorkload(string? Controller, IReadOnlyDictionary<string, string> Selector, IReadOnlyList<string> Ports) : KnownObject(Controller)
{
    internal static new KnownWorkload Read(JsonObject obj) => new(
        ControllerOf(obj),
        obj.Map("spec", "selector", "matchLabels"),
        [.. obj.ListAt("spec", "template", "spec", "containers").SelectMany(c => c.ListAt("ports")).Select(p => p.Text("name")).OfType<string>()]);
}

/// <summary>A HorizontalPodAutoscaler.</summary>
/// <param name="TargetKind">Kind of what it scales.</param>
/// <param name="TargetName">Name of what it scales.</param>
public sealed record KnownScaler(string? Controller, string TargetKind, string TargetName) : KnownObject(Controller)
{
    internal static new KnownScaler Read(JsonObject obj)
        => new(ControllerOf(obj), obj.Text("spec", "scaleTargetRef", "kind") ?? "", obj.Text("spec", "scaleTargetRef", "name") ?? "");
}

/// <summary>A MetricTemplate.</summary>
public sealed record KnownTemplate(string? Controller, string Query) : KnownObject(Controller)
{
    internal static new KnownTemplate Read(JsonObject obj) => new(ControllerOf(obj), obj.Text("spec", "query") ?? "");
}
