using System.Text.Json.Nodes;

namespace CanaryFunctions.Cluster.Tests.Conformance.Behaviours;

/// <summary>One webhook of a behaviour: what it answers to a request.</summary>
internal sealed record Hook(string Name, bool Validating, Func<JsonObject, JsonObject> Answer)
{
    internal string Resources { get; init; } = "widgets";

    internal string ApiVersion { get; init; } = "*";

    /// <summary>Further fields, as YAML.</summary>
    internal string More { get; init; } = "";

    /// <summary>Nobody listens there.</summary>
    internal bool Raw { get; init; }
}
