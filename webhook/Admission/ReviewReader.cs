using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Admission;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Webhook.Admission;

/// <summary>Reads an AdmissionReview (admission.k8s.io/v1). Takes nothing for granted: whoever reaches the port can send anything.</summary>
internal static class ReviewReader
{
    /// <summary>False with what is wrong when the bytes are no review.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, [NotNullWhen(true)] out AdmissionRequest? request, out string problem)
    {
        request = null;
        problem = ReviewJson.TryParse(body, out var review) is { } unreadable ? unreadable : Check(review!);
        if (problem.Length > 0)
        {
            return false;
        }

        request = Convert(review!["request"]!);
        return true;
    }

    private static string Check(JsonNode review)
    {
        if (review.Text("apiVersion") != "admission.k8s.io/v1" || review.Text("kind") != "AdmissionReview")
        {
            return "the body is not an admission.k8s.io/v1 AdmissionReview";
        }

        var request = review.ObjectAt("request");
        return request is null ? "the review has no request"
            : request.Text("uid") is null or "" ? "the request has no uid"
            : request.Text("kind", "kind") is null or "" ? "the request has no kind"
            : OperationOf(request) is null ? "the request's operation is not one of CREATE, UPDATE, DELETE, CONNECT"
            : !IsObjectOrNull(request["object"]) || !IsObjectOrNull(request["oldObject"]) ? "the request's object is not an object"
            : "";
    }

    private static bool IsObjectOrNull(JsonNode? node) => node is null or JsonObject;

    private static AdmissionOperation? OperationOf(JsonNode request) => request.Text("operation") switch
    {
        "CREATE" => AdmissionOperation.Create,
        "UPDATE" => AdmissionOperation.Update,
        "DELETE" => AdmissionOperation.Delete,
        "CONNECT" => AdmissionOperation.Connect,
        _ => null,
    };

    private static AdmissionRequest Convert(JsonNode request)
    {
        var obj = request.ObjectAt("object");
        var ns = request.Text("namespace") ?? "";
        if (obj?["metadata"] is JsonObject metadata && metadata["namespace"] is null && ns.Length > 0)
        {
            metadata["namespace"] = ns;
        }

        return new(request.Text("uid")!, OperationOf(request)!.Value, request.Text("kind", "group") ?? "", request.Text("kind", "kind")!)
        {
            SubResource = request.Text("subResource") ?? "",
            WrittenVersion = request.Text("requestKind", "version") ?? request.Text("kind", "version") ?? "",
            Namespace = ns,
            Name = request.Text("name") is { Length: > 0 } name ? name : obj?.Name() ?? "",
            Object = obj,
            OldObject = request.ObjectAt("oldObject"),
            DryRun = request.Flag("dryRun") ?? false,
            User = request.Text("userInfo", "username") ?? "",
        };
    }
}
