using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Http;
using CanaryFunctions.Simulator.Api.Resources;
using CanaryFunctions.Simulator.Api.Storage;
using CanaryFunctions.Simulator.Api.Trees;

namespace CanaryFunctions.Simulator.Api.Writing;

/// <summary>How something is deleted. Policy: Background (default), Foreground or Orphan.</summary>
internal sealed record DeleteOptions(string Policy, long? GracePeriodSeconds, string? Uid, string? ResourceVersion, bool DryRun)
{
    public static DeleteOptions Background { get; } = new("Background", null, null, null, false);

    /// <summary>From the body and, where it says nothing, the query.</summary>
    public static DeleteOptions Read(JsonObject? body, ApiCall call)
    {
        var policy = body.Str("propagationPolicy") ?? call.Query("propagationPolicy");
        if (policy is not null && (body.Flag("orphanDependents") is not null || call.Query("orphanDependents") is not null))
        {
            throw ApiError.InvalidOptions("DeleteOptions", FieldError.Invalid("propagationPolicy", policy, "orphanDependents and deletionPropagation cannot be both set"));
        }

        if (policy is null)
        {
            policy = body.Flag("orphanDependents") ?? call.Flag("orphanDependents") ? "Orphan" : "Background";
        }

        if (policy is not ("Background" or "Foreground" or "Orphan"))
        {
            throw ApiError.InvalidOptions("DeleteOptions",
                FieldError.NotSupported("propagationPolicy", policy, ["\"Foreground\"", "\"Background\"", "\"Orphan\"", "\"nil\""]));
        }

        return new(policy, body.Int("gracePeriodSeconds") ?? call.Number("gracePeriodSeconds"), body.Str("preconditions", "uid"),
            body.Str("preconditions", "resourceVersion"), call.DryRun || body.Arr("dryRun").Strings().Contains("All"));
    }

    public void CheckPreconditions(ResourceType type, StoredObject item)
    {
        if (Uid is { Length: > 0 } && Uid != item.Uid)
        {
            throw Conflict(type, item, $"the UID in the precondition ({Uid}) does not match the UID in record ({item.Uid}). The object might have been deleted and then recreated");
        }

        if (ResourceVersion is { Length: > 0 } && ResourceVersion != $"{item.Version}")
        {
            throw Conflict(type, item, $"the ResourceVersion in the precondition ({ResourceVersion}) does not match the ResourceVersion in record ({item.Version}). The object might have been modified");
        }
    }

    // The real server names the kind here where it names the resource elsewhere.
    private static ApiError Conflict(ResourceType type, StoredObject item, string why) => ApiError.Conflict(type with { Plural = type.Kind }, item.Name, why);
}
