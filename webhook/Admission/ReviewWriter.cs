using System.Text;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Admission;

namespace CanaryFunctions.Webhook.Admission;

/// <summary>Writes the answer to an AdmissionReview.</summary>
internal static class ReviewWriter
{
    /// <summary>The answer to a write that is none of ours.</summary>
    public static byte[] Allowed(string uid) => Wrap(new() { ["uid"] = uid, ["allowed"] = true });

    public static byte[] Write(AdmissionRequest request, AdmissionDecision decision)
    {
        var response = new JsonObject { ["uid"] = request.Uid, ["allowed"] = decision.IsAllowed };
        if (!decision.IsAllowed)
        {
            response["status"] = Status(request, decision);
        }

        if (decision.Patch is { } patch)
        {
            response["patchType"] = "JSONPatch";
            response["patch"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(patch.ToJsonString()));
        }

        if (decision.Warnings.Count > 0)
        {
            response["warnings"] = new JsonArray([.. decision.Warnings.Select(w => JsonValue.Create(w))]);
        }

        return Wrap(response);
    }

    private static byte[] Wrap(JsonObject response)
        => Encoding.UTF8.GetBytes(new JsonObject { ["apiVersion"] = "admission.k8s.io/v1", ["kind"] = "AdmissionReview", ["response"] = response }.ToJsonString());

    // kubectl prints the causes one a line, under the object's name, when the reason is Invalid.
    private static JsonObject Status(AdmissionRequest request, AdmissionDecision decision)
    {
        var isInvalid = decision.Problems.Count > 0;
        var status = new JsonObject
        {
            ["status"] = "Failure",
            ["message"] = decision.Message,
            ["reason"] = isInvalid ? "Invalid" : "BadRequest",
            ["code"] = isInvalid ? 422 : 400,
        };
        if (isInvalid)
        {
            status["details"] = new JsonObject
            {
                ["name"] = request.Name,
                ["group"] = request.Group,
                ["kind"] = request.Kind,
                ["causes"] = new JsonArray([.. decision.Problems.Select(Cause)]),
            };
        }

        return status;
    }

    private static JsonObject Cause(SpecProblem problem) => new()
    {
        ["reason"] = "FieldValueInvalid",
        ["field"] = problem.Path,
        ["message"] = problem.Message,
    };
}
