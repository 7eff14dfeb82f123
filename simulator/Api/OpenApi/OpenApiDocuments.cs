using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Http;
using CanaryFunctions.Simulator.Api.Resources;

namespace CanaryFunctions.Simulator.Api.OpenApi;

/// <summary>/openapi/v3: the index, and a document a group and version. Custom kinds have their whole schema, built-in ones their outline.</summary>
internal sealed class OpenApiDocuments(ResourceCatalog catalog)
{
    public JsonObject Index()
    {
        var paths = new JsonObject();
        foreach (var types in catalog.All.GroupBy(OpenApiPaths.Group))
        {
            var text = string.Join(';', types.Select(t => t.Kind + (t.Custom?.RawSchema?.ToJsonString() ?? "")));
            var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
            paths[types.Key] = new JsonObject { ["serverRelativeURL"] = $"/openapi/v3/{types.Key}?hash={hash}" };
        }

        return new JsonObject { ["paths"] = paths };
    }

    /// <summary>Null for a group that is not served.</summary>
    public Reply? Group(string path)
    {
        var types = catalog.All.Where(t => OpenApiPaths.Group(t) == path).ToList();
        if (types.Count == 0)
        {
            return null;
        }

        var (paths, schemas) = (new JsonObject(), new JsonObject { ["ObjectMeta"] = MetadataSchema() });
        foreach (var type in types)
        {
            var name = $"{string.Join('.', type.Group.Split('.').Reverse())}.{type.Version}.{type.Kind}".TrimStart('.');
            schemas[name] = KindSchema(type);
            paths[OpenApiPaths.Of(type)] = PathItem(type, name);
        }

        return Reply.Json(new JsonObject
        {
            ["openapi"] = "3.0.0",
            ["info"] = new JsonObject { ["title"] = "Kubernetes", ["version"] = ServerVersion.Git },
            ["paths"] = paths,
            ["components"] = new JsonObject { ["schemas"] = schemas },
        });
    }

    private static JsonObject PathItem(ResourceType type, string schema)
    {
        var answer = new JsonObject
        {
            ["200"] = new JsonObject
            {
                ["description"] = "OK",
                ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = new JsonObject { ["$ref"] = $"#/components/schemas/{schema}" } } },
            },
        };
        // Patch bodies are not described: kubectl then takes the merge keys of its own types, which are always complete.
        return new JsonObject { ["get"] = Operation(type, "get", answer), ["patch"] = Operation(type, "patch", answer) };
    }

    private static JsonObject Operation(ResourceType type, string action, JsonObject answer) => new()
    {
        ["operationId"] = $"{action}{type.Kind}",
        ["x-kubernetes-action"] = action,
        ["x-kubernetes-group-version-kind"] = KindOf(type),
        ["parameters"] = new JsonArray(new JsonObject { ["name"] = "fieldValidation", ["in"] = "query", ["schema"] = new JsonObject { ["type"] = "string" } }),
        ["responses"] = answer.DeepClone(),
    };

    private static JsonObject KindSchema(ResourceType type)
    {
        var schema = type.Custom?.RawSchema is { } raw ? (JsonObject)raw.DeepClone() : Outline(type);
        schema["x-kubernetes-group-version-kind"] = new JsonArray(KindOf(type));
        if (schema["properties"] is JsonObject properties)
        {
            properties["apiVersion"] = Text("The API group and version of this object.");
            properties["kind"] = Text("The kind of this object.");
            properties["metadata"] = new JsonObject
            {
                ["description"] = "Standard object's metadata.",
                ["allOf"] = new JsonArray(new JsonObject { ["$ref"] = "#/components/schemas/ObjectMeta" }),
            };
        }

        return schema;
    }

    private static JsonObject Outline(ResourceType type)
    {
        var properties = new JsonObject { ["spec"] = Anything($"What a {type.Kind} should be.") };
        if (type.HasStatus)
        {
            properties["status"] = Anything($"What a {type.Kind} is, as last observed.");
        }

        return new JsonObject { ["description"] = $"{type.Kind} ({type.ApiVersion}).", ["type"] = "object", ["properties"] = properties };
    }

    private static JsonObject MetadataSchema() => new()
    {
        ["description"] = "Metadata that every object has.",
        ["type"] = "object",
        ["properties"] = new JsonObject
        {
            ["name"] = Text("Name, unique within a namespace and kind."),
            ["namespace"] = Text("The namespace of the object."),
            ["uid"] = Text("Unique in time and space."),
            ["resourceVersion"] = Text("Changes with every write."),
            ["creationTimestamp"] = Text("When the object was created."),
            ["labels"] = Map("Keys and values to select objects by."),
            ["annotations"] = Map("Keys and values that tools store."),
        },
    };

    private static JsonObject KindOf(ResourceType type) => new() { ["group"] = type.Group, ["kind"] = type.Kind, ["version"] = type.Version };

    private static JsonObject Text(string description) => new() { ["description"] = description, ["type"] = "string" };

    private static JsonObject Anything(string description) => new() { ["description"] = description, ["type"] = "object" };

    private static JsonObject Map(string description) => new()
    {
        ["description"] = description,
        ["type"] = "object",
        ["additionalProperties"] = new JsonObject { ["type"] = "string" },
    };
}
