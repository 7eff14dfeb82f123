using Microsoft.Net.Http.Headers;

namespace CanaryFunctions.Simulator.Api.Http;

/// <summary>Which form of answer a client takes: the first that it names and that is offered.</summary>
internal static class Negotiation
{
    /// <param name="one">The answer is one object, not a list: each has a metadata-only form of its own.</param>
    public static ObjectForm Form(string accept, bool one)
    {
        if (accept.Length == 0 || !MediaTypeHeaderValue.TryParseList([accept], out var offers))
        {
            return ObjectForm.Full;
        }

        foreach (var offer in offers)
        {
            if (offer.MediaType.Value is not ("application/json" or "application/*" or "*/*"))
            {
                continue;
            }

            switch (Parameter(offer, "as"))
            {
                case null:
                    return ObjectForm.Full;
                case "Table":
                    return Parameter(offer, "v") == "v1beta1" ? ObjectForm.BetaTable : ObjectForm.Table;
                case var name when name == (one ? "PartialObjectMetadata" : "PartialObjectMetadataList"):
                    return ObjectForm.Metadata;
                default:
                    break;
            }
        }

        throw ApiError.NotAcceptable();
    }

    /// <summary>v2 or v2beta1 when the client takes aggregated discovery, whichever it names first; else null.</summary>
    public static string? Discovery(string accept)
    {
        if (accept.Length == 0 || !MediaTypeHeaderValue.TryParseList([accept], out var offers))
        {
            return null;
        }

        return offers.Where(o => o.MediaType == "application/json" && Parameter(o, "as") == "APIGroupDiscoveryList")
            .Select(o => Parameter(o, "v")).FirstOrDefault(v => v is "v2" or "v2beta1");
    }

    private static string? Parameter(MediaTypeHeaderValue value, string name)
        => value.Parameters.FirstOrDefault(p => p.Name == name)?.Value.Value;
}
