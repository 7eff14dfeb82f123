using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Authorization;
using CanaryFunctions.Simulator.Api.Http;
using CanaryFunctions.Simulator.Api.Trees;
using Microsoft.AspNetCore.Http;

namespace CanaryFunctions.Simulator.Api.Handling;

/// <summary>Questions about the asking user: who it is, and what it may do.</summary>
internal sealed class ReviewHandler(Authorizer authorizer)
{
    public async Task<Reply> AnswerAsync(ApiCall call)
    {
        var (body, _) = await BodyReader.ObjectAsync(call.Http.Request, call.Aborted);
        var answer = new JsonObject
        {
            ["kind"] = call.Type.Kind,
            ["apiVersion"] = call.Type.ApiVersion,
            ["metadata"] = new JsonObject(),
            ["spec"] = body["spec"]?.DeepClone() ?? new JsonObject(),
            ["status"] = Status(call, body),
        };
        return Reply.Json(answer, StatusCodes.Status201Created);
    }

    private JsonObject Status(ApiCall call, JsonObject body) => call.Type.Kind switch
    {
        "SelfSubjectAccessReview" => Access(call.User, body),
        "SelfSubjectReview" => new()
        {
            ["userInfo"] = new JsonObject { ["username"] = call.User.Name, ["groups"] = Texts(call.User.Groups) },
        },
        _ => Rules(call.User, body.Str("spec", "namespace") ?? ""),
    };

    private JsonObject Access(ApiUser user, JsonObject body)
    {
        var resource = body.Obj("spec", "resourceAttributes");
        var path = body.Obj("spec", "nonResourceAttributes");
        if (resource is null == path is null)
        {
            throw ApiError.BadRequest("spec: exactly one of nonResourceAttributes or resourceAttributes must be specified");
        }

        var wanted = path is not null
            ? new AccessAttributes(user, path.Str("verb") ?? "") { Path = path.Str("path") ?? "" }
            : new AccessAttributes(user, resource.Str("verb") ?? "")
            {
                Group = resource.Str("group") ?? "",
                Resource = resource.Str("resource") ?? "",
                Subresource = resource.Str("subresource") ?? "",
                Namespace = resource.Str("namespace") ?? "",
                Name = resource.Str("name") ?? "",
            };
        var (isAllowed, reason) = authorizer.Ask(wanted);
        var status = new JsonObject { ["allowed"] = isAllowed };
        if (reason.Length > 0)
        {
            status["reason"] = reason;
        }

        return status;
    }

    private JsonObject Rules(ApiUser user, string ns)
    {
        var rules = authorizer.RulesOf(user, ns).Select(r => r.Json).ToLookup(r => r["nonResourceURLs"] is null);
        return new()
        {
            ["incomplete"] = false,
            ["resourceRules"] = new JsonArray([.. rules[true].Select(r => r.DeepClone())]),
            ["nonResourceRules"] = new JsonArray([.. rules[false].Select(r => r.DeepClone())]),
        };
    }

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(t => JsonValue.Create(t))]);
}
