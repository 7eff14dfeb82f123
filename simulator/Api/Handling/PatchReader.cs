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
                var merge = Object(BodyReader.Json(bytes));
                return o => MergePatch.Apply(o, merge);
            case StrategicType when call.Type.Custom is null:
                var strategic = Object(BodyReader.Json(bytes));
                return o => Guarded(call, () => StrategicMerge.Apply(o, strategic, MergeShape.BuiltIn));
            case JsonPatchType:
                var operations = BodyReader.Json(bytes) as JsonArray ?? throw ApiError.BadRequest("a JSON patch must be a list of operations");
                return o => Guarded(call, () => JsonPatch.Apply(o, operations));
            case StrategicType:
                throw ApiError.MediaType(StrategicType, JsonPatchType, MergeType, ApplyType);
            case var other:
                throw ApiError.MediaType(other, JsonPatchType, MergeType, StrategicType, ApplyType);
        }
    }

    private static JsonObject Object(JsonNode? node) => node as JsonObject ?? throw ApiError.BadRequest("a merge patch must be an object");

    private static JsonObject Guarded(ApiCall call, Func<JsonObject> apply)
    {
        try
        {
            return apply();
        }
        catch (FormatException e)
        {
            throw ApiError.Invalid(call.Type, call.Name, [FieldError.Invalid("patch", "", e.Message)]);
        }
    }
}
