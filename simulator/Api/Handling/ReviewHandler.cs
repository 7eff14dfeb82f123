using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Http;
using Microsoft.AspNetCore.Http;

namespace CanaryFunctions.Simulator.Api.Handling;

/// <summary>Questions about the asking user. Whoever has a token may do everything here.</summary>
internal static class ReviewHandler
{
    public static async Task<Reply> AnswerAsync(ApiCall call)
    {
        var (body, _) = await BodyReader.ObjectAsync(call.Http.Request, call.Aborted);
        var answer = new JsonObject
        {
            ["kind"] = call.Type.Kind,
            ["apiVersion"] = call.Type.ApiVersion,
            ["metadata"] = new JsonObject(),
            ["spec"] = body["spec"]?.DeepClone() ?? new JsonObject(),
            ["status"] = Status(call),
        };
        return Reply.Json(answer, StatusCodes.Status201Created);
    }

    private static JsonObject Status(ApiCall call) => call.Type.Kind switch
    {
        "SelfSubjectAccessReview" => new() { ["allowed"] = true, ["reason"] = "every user of this server may do everything" },
        "SelfSubjectReview" => new()
        {
            ["userInfo"] = new JsonObject
            {
                ["username"] = call.User.Name,
                ["groups"] = new JsonArray([.. call.User.Groups.Select(g => JsonValue.Create(g))]),
            },
        },
        _ => new()
        {
            ["incomplete"] = false,
            ["resourceRules"] = new JsonArray(new JsonObject { ["verbs"] = new JsonArray("*"), ["apiGroups"] = new JsonArray("*"), ["resources"] = new JsonArray("*") }),
            ["nonResourceRules"] = new JsonArray(new JsonObject { ["verbs"] = new JsonArray("*"), ["nonResourceURLs"] = new JsonArray("*") }),
        },
    };
}
