using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Admission;
using CanaryFunctions.Simulator.Api.Patching;
using CanaryFunctions.Simulator.Api.Resources;

namespace CanaryFunctions.Simulator.Api.Writing;

/// <summary>Who writes what, and how.</summary>
internal sealed record WriteRequest(ResourceType Type, ApiUser User)
{
    public string Namespace { get; init; } = "";

    public string Name { get; init; } = "";

    public string Subresource { get; init; } = "";

    public bool DryRun { get; init; }

    public string FieldManager { get; init; } = "unknown";

    public string FieldValidation { get; init; } = "Ignore";

    /// <summary>The change is a server-side apply, which accounts for its fields itself.</summary>
    public bool IsApply { get; init; }

    /// <summary>The change is a patch: what is unknown in it is told as a problem of the patch.</summary>
    public bool IsPatch { get; init; }

    public JsonObject Options { get; init; } = [];

    public List<string> Warnings { get; init; } = [];

    public FieldManager Manager => new(FieldManager, IsApply ? "Apply" : "Update", Type.ApiVersion, Subresource);

    public AdmissionAttributes Attributes(string operation, string name, JsonObject? after, JsonObject? before) => new()
    {
        Type = Type,
        Operation = operation,
        User = User,
        Options = Options,
        Warnings = Warnings,
        DryRun = DryRun,
        Subresource = Subresource,
        Namespace = Namespace,
        Name = name,
        Object = after,
        OldObject = before,
    };
}
