using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Webhook.Admission;

namespace CanaryFunctions.Webhook.Conversion;

/// <summary>A ConversionReview (apiextensions.k8s.io/v1) and the answers to it.</summary>
internal sealed record ConversionReview(string Uid, string DesiredVersion, IReadOnlyList<JsonObject> Objects)
{
    private const string ApiVersion = "apiextensions.k8s.io/v1";
    private const string Kind = "ConversionReview";

    /// <summary>False with what is wrong when the bytes are no review.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, [NotNullWhen(true)] out ConversionReview? review, out string problem)
    {
        review = null;
        problem = ReviewJson.TryParse(body, out var json) is { } unreadable ? unreadable : Check(json);
        if (problem.Length > 0)
        {
            return false;
        }

        var request = json.ObjectAt("request");
        review = new(request.Text("uid")!, request.Text("desiredAPIVersion")!, [.. request.ListAt("objects").Cast<JsonObject>()]);
        return true;
    }

    /// <summary>The objects in the version asked for, in the order in which they came.</summary>
    public byte[] Success(IEnumerable<JsonObject> converted) => Answer(new()
    {
        ["uid"] = Uid,
        ["convertedObjects"] = new JsonArray([.. converted]),
        ["result"] = new JsonObject { ["status"] = "Success" },
    });

    /// <summary>Nothing was converted, and why.</summary>
    public byte[] Failure(string message) => Answer(new()
    {
        ["uid"] = Uid,
        ["convertedObjects"] = new JsonArray(),
        ["result"] = new JsonObject { ["status"] = "Failure", ["message"] = message },
    });

    private static byte[] Answer(JsonObject response)
        => Encoding.UTF8.GetBytes(new JsonObject { ["apiVersion"] = ApiVersion, ["kind"] = Kind, ["response"] = response }.ToJsonString());

    private static string Check(JsonNode? review)
    {
        if (review.Text("apiVersion") != ApiVersion || review.Text("kind") != Kind)
        {
            return $"the body is not an {ApiVersion} {Kind}";
        }

        var request = review.ObjectAt("request");
        return request is null ? "the review has no request"
            : request.Text("uid") is null or "" ? "the request has no uid"
            : request.Text("desiredAPIVersion") is null or "" ? "the request has no desiredAPIVersion"
            : request["objects"] is not JsonArray objects || objects.Any(o => o is not JsonObject) ? "the request's objects are not a list of objects"
            : "";
    }
}
