using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Resources;

namespace CanaryFunctions.Simulator.Api.Admission;

/// <summary>One write, as admission sees it.</summary>
internal sealed record AdmissionAttributes
{
    public required ResourceType Type { get; init; }

    /// <summary>CREATE, UPDATE or DELETE.</summary>
    public required string Operation { get; init; }

    public required ApiUser User { get; init; }

    public required JsonObject Options { get; init; }

    /// <summary>Collects what webhooks warn of.</summary>
    public required ICollection<string> Warnings { get; init; }

    public required bool DryRun { get; init; }

    public string Subresource { get; init; } = "";

    public string Namespace { get; init; } = "";

    public string Name { get; init; } = "";

    /// <summary>The object after the write; null for DELETE.</summary>
    public JsonObject? Object { get; init; }

    /// <summary>The stored object; null for CREATE.</summary>
    public JsonObject? OldObject { get; init; }
}
