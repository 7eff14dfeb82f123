using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Http;
using CanaryFunctions.Simulator.Api.Patching;
using CanaryFunctions.Simulator.Api.Trees;

namespace CanaryFunctions.Simulator.Api.Handling;

/// <summary>The patch in a request's body, as a function from the live object to the wanted one.</summary>
internal static class PatchReader
{
    public const string ApplyType = "application/apply-patch+yaml";
    private const string MergeType = "application/merge-patch+json";
    private const string StrategicType = "application/strategic-merge-patch+json";
    private const string JsonPatchType = "application/json-patch+json";

    public static async Task<Func<JsonObject, JsonObject>> ReadAsync(ApiCall call)
    {
        var bytes = await BodyReader.BytesAsync(call.Http.Request, call.Aborted);
        switch (BodyReader.MediaType(call.Http.Request))
        {
            case MergeType:
                var merge = BodyReader.Json(bytes) as JsonObject ?? throw Unfit(call, "a merge patch must be an object");
                return o => Same(call, MergePatch.Apply(o, merge));
            case StrategicType when call.Type.Custom is null:
                var strategic = BodyReader.Json(bytes) as JsonObject ?? throw Unfit(call, "a merge patch must be an object");
                return o => Same(call, Guarded(() => StrategicMerge.Apply(o, strategic, MergeShape.BuiltIn)));
            case JsonPatchType:
                var operations = BodyReader.Json(bytes) as JsonArray ?? throw ApiError.BadRequest("a JSON patch must be a list of operations");
                return o => Same(call, Guarded(() => JsonPatch.Apply(o, operations)));
            case StrategicType:
                throw ApiError.MediaType(JsonPatchType, MergeType, ApplyType);
            default:
                throw ApiError.MediaType(JsonPatchType, MergeType, StrategicType, ApplyType);
        }
    }

    private static ApiError Unfit(ApiCall call, string why) => ApiError.Invalid(call.Type, call.Name, [FieldError.Invalid("patch", "", why)]);

    /// <summary>A patch does not make another kind of an object.</summary>
    private static JsonObject Same(ApiCall call, JsonObject patched)
        => call.Type.Custom is null && call.Subresource != "scale" && patched.Str("kind") is { } kind && kind != call.Type.Kind
            ? throw Unfit(call, $"{kind} in version \"{call.Type.Version}\" cannot be handled as a {call.Type.Kind}") : patched;

    private static JsonObject Guarded(Func<JsonObject> apply)
    {
        try
        {
            return apply();
        }
        catch (FormatException e)
        {
            throw ApiError.Unprocessable(e.Message);
        }
    }
}
