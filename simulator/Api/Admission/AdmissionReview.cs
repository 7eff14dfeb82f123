using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Http;
using CanaryFunctions.Simulator.Api.Resources;
using CanaryFunctions.Simulator.Api.Trees;

namespace CanaryFunctions.Simulator.Api.Admission;

/// <summary>The documents of admission.k8s.io/v1.</summary>
internal static class AdmissionReview
{
    /// <summary>The request, in the webhook's version; <paramref name="requested"/> is the version that the client used.</summary>
    public static JsonObject Request(AdmissionAttributes attributes, ResourceType requested)
    {
        var type = attributes.Type;
        var request = new JsonObject
        {
            ["uid"] = new Guid(RandomNumberGenerator.GetBytes(16)).ToString(),
            ["kind"] = Kind(type, attributes.Subresource),
            ["resource"] = Resource(type),
            ["requestKind"] = Kind(requested, attributes.Subresource),
            ["requestResource"] = Resource(requested),
        };
        foreach (var (key, value) in new[] { ("subResource", attributes.Subresource), ("requestSubResource", attributes.Subresource), ("name", attributes.Name), ("namespace", attributes.Namespace) })
        {
            if (value.Length > 0)
            {
                request[key] = value;
            }
        }

        request["operation"] = attributes.Operation;
        request["userInfo"] = new JsonObject
        {
            ["username"] = attributes.User.Name,
            ["groups"] = new JsonArray([.. attributes.User.Groups.Select(g => JsonValue.Create(g))]),
        };
        request["object"] = attributes.Object?.DeepClone();
        request["oldObject"] = attributes.OldObject?.DeepClone();
        request["dryRun"] = attributes.DryRun;
        request["options"] = attributes.Options.DeepClone();
        return request;
    }

    public static JsonObject Wrap(JsonObject request) => new()
    {
        ["kind"] = "AdmissionReview",
        ["apiVersion"] = "admission.k8s.io/v1",
        ["request"] = request.DeepClone(),
    };

    /// <summary>The checked response. Throws <see cref="WebhookFailure"/> when it does not answer this request.</summary>
    public static JsonObject Response(JsonObject review, string uid)
    {
        if (review.Str("apiVersion") != "admission.k8s.io/v1" || review.Str("kind") != "AdmissionReview")
        {
            throw new WebhookFailure($"received invalid webhook response: expected webhook response of admission.k8s.io/v1, Kind=AdmissionReview, got {review.Str("apiVersion")}, Kind={review.Str("kind")}");
        }

        var response = review.Obj("response") ?? throw new WebhookFailure("received invalid webhook response: webhook response has no response");
        if (response.Str("uid") != uid)
        {
            throw new WebhookFailure($"received invalid webhook response: expected response.uid=\"{uid}\", got \"{response.Str("uid")}\"");
        }

        return response["patch"] is null || response.Str("patchType") == "JSONPatch" ? response
            : throw new WebhookFailure($"received invalid webhook response: invalid patchType \"{response.Str("patchType")}\"; allowed: JSONPatch");
    }

    public static ApiError Denied(string hook, JsonObject? result)
    {
        var denied = $"admission webhook \"{hook}\" denied the request";
        var message = result.Str("message") is { Length: > 0 } text ? $"{denied}: {text}"
            : result.Str("reason") is { Length: > 0 } why ? $"{denied}: {why}" : $"{denied} without explanation";

        // A rejection never looks like a success, whatever the webhook put into its status.
        var code = (int)Math.Max(result.Int("code") ?? 0, (long)HttpStatusCode.BadRequest);
        var status = result?.Copy() ?? [];
        status["kind"] = "Status";
        status["apiVersion"] = "v1";
        status.Default("metadata", new JsonObject());
        status["status"] = "Failure";
        status["message"] = message;
        status["code"] = code;
        return new ApiError((HttpStatusCode)code, result.Str("reason") ?? "", message) { Given = status };
    }

    private static JsonObject Kind(ResourceType type, string subresource) => subresource == "scale"
        ? new() { ["group"] = "autoscaling", ["version"] = "v1", ["kind"] = "Scale" }
        : new() { ["group"] = type.Group, ["version"] = type.Version, ["kind"] = type.Kind };

    private static JsonObject Resource(ResourceType type) => new() { ["group"] = type.Group, ["version"] = type.Version, ["resource"] = type.Plural };
}
