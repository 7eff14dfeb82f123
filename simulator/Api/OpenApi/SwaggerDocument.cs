using CanaryFunctions.Simulator.Api.Http;
using CanaryFunctions.Simulator.Api.Resources;

namespace CanaryFunctions.Simulator.Api.OpenApi;

/// <summary>
/// /openapi/v2: as little as makes `kubectl apply` leave validation to the server. One patch operation with a fieldValidation
/// parameter for each kind; field numbers are gnostic's OpenAPIv2.
/// </summary>
internal static class SwaggerDocument
{
    // Not the name with @ that clients ask for: that is no legal media type, and kubectl refuses it.
    private const string ContentType = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

    public static Reply Answer(ResourceCatalog catalog)
    {
        var paths = new WireWriter();
        foreach (var type in catalog.All)
        {
            paths.Message(2, new WireWriter().Text(1, OpenApiPaths.Of(type)).Message(2, new WireWriter().Message(8, Operation(type))));
        }

        var document = new WireWriter()
            .Text(1, "2.0")
            .Message(2, new WireWriter().Text(1, "Kubernetes").Text(2, ServerVersion.Git))
            .Message(8, paths);
        return new Reply(200, ContentType, document.ToArray());
    }

    private static WireWriter Operation(ResourceType type)
    {
        var parameter = new WireWriter().Message(1, new WireWriter().Message(2, new WireWriter().Message(3, new WireWriter().Text(2, "query").Text(4, "fieldValidation"))));
        var kind = new WireWriter().Text(2, $"group: \"{type.Group}\"\nkind: {type.Kind}\nversion: {type.Version}\n");
        return new WireWriter()
            .Text(5, $"patch{type.Kind}")
            .Message(8, parameter)
            .Message(13, new WireWriter().Text(1, "x-kubernetes-group-version-kind").Message(2, kind));
    }
}
