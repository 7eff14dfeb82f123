using System.Net;
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
        if (policy is null)
        {
            policy = body.Flag("orphanDependents") ?? call.Flag("orphanDependents") ? "Orphan" : "Background";
        }

        if (policy is not ("Background" or "Foreground" or "Orphan"))
        {
            throw new ApiError(HttpStatusCode.UnprocessableEntity, "Invalid",
                $"DeleteOptions.meta.k8s.io \"\" is invalid: propagationPolicy: Unsupported value: \"{policy}\": supported values: \"Background\", \"Foreground\", \"Orphan\"");
        }

        return new(policy, body.Int("gracePeriodSeconds") ?? call.Number("gracePeriodSeconds"), body.Str("preconditions", "uid"),
            body.Str("preconditions", "resourceVersion"), call.DryRun || body.Arr("dryRun").Strings().Contains("All"));
    }

    public void CheckPreconditions(ResourceType type, StoredObject item)
    {
        if (Uid is { Length: > 0 } && Uid != item.Uid)
        {
            throw ApiError.Conflict(type, item.Name, $"Precondition failed: UID in precondition: {Uid}, UID in object meta: {item.Uid}");
        }

        if (ResourceVersion is { Length: > 0 } && ResourceVersion != $"{item.Version}")
        {
            throw ApiError.Conflict(type, item.Name, $"Precondition failed: ResourceVersion in precondition: {ResourceVersion}, ResourceVersion in object meta: {item.Version}");
        }
    }
}
