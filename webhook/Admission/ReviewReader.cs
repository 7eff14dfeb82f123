using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using CanaryFunctions.Core.Admission;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Webhook.Admission;

/// <summary>Reads an AdmissionReview (admission.k8s.io/v1). Takes nothing for granted: whoever reaches the port can send anything.</summary>
internal static class ReviewReader
{
    private const int MaxDepth = 128;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    /// <summary>False with what is wrong when the bytes are no review.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, [NotNullWhen(true)] out AdmissionRequest? request, out string problem)
    {
        request = null;
        problem = TryParse(body, out var review) is { } unreadable ? unreadable : Check(review!);
        if (problem.Length > 0)
        {
            return false;
        }

        request = Convert(review!["request"]!);
        return true;
    }

    private static string? TryParse(ReadOnlySpan<byte> body, out JsonNode? review)
    {
        review = null;
        if (!Utf8.IsValid(body))
        {
            return "the body is not UTF-8";
        }

        try
        {
            if (HasLoneSurrogate(body))
            {
                return "the body holds text that is not Unicode";
            }

            review = JsonNode.Parse(body, documentOptions: Strict);
            return null;
        }
        catch (JsonException e)
        {
            return e.LineNumber is { } line
                ? $"the body is not JSON (line {line + 1}, byte {e.BytePositionInLine + 1})"
                : "the body is not JSON: an object has a key twice";
        }
    }

    // Half of a surrogate pair, escaped, passes as UTF-8 and as JSON and fails only when the text is read.
    private static bool HasLoneSurrogate(ReadOnlySpan<byte> body)
    {
        if (body.IndexOf("\\ud"u8) < 0 && body.IndexOf("\\uD"u8) < 0)
        {
            return false;
        }

        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
                {
                    _ = reader.GetString();
                }
            }

            return false;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
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
            Namespace = ns,
            Name = request.Text("name") is { Length: > 0 } name ? name : obj?.Name() ?? "",
            Object = obj,
            OldObject = request.ObjectAt("oldObject"),
            DryRun = request.Flag("dryRun") ?? false,
            User = request.Text("userInfo", "username") ?? "",
        };
    }
}
