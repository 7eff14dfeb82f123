using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Http;
using CanaryFunctions.Simulator.Api.Resources;
using CanaryFunctions.Simulator.Api.Trees;

namespace CanaryFunctions.Simulator.Api.Writing;

/// <summary>
/// What a typed server finds when it decodes a body, before any rule is asked: values of wrong types are a 400, unknown fields of metadata are lost. Covers metadata
/// and what clients of the guides write by hand.
/// </summary>
internal static class Decoding
{
    private static readonly HashSet<string> Metadata = new(StringComparer.Ordinal)
    {
        "name", "generateName", "namespace", "selfLink", "uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds",
        "labels", "annotations", "ownerReferences", "finalizers", "managedFields",
    };

    private static readonly Dictionary<string, string[]> TextMaps = new(StringComparer.Ordinal)
    {
        ["/configmaps"] = ["data", "binaryData"],
        ["/secrets"] = ["data", "stringData"],
    };

    public static void Check(ResourceType type, JsonObject item)
    {
        var metadata = item.Obj("metadata") ?? [];
        foreach (var unknown in metadata.Select(m => m.Key).Where(k => !Metadata.Contains(k)).ToList())
        {
            metadata.Remove(unknown);
        }

        Texts(type, metadata.Obj("labels"), "metadata.labels");
        Texts(type, metadata.Obj("annotations"), "metadata.annotations");
        foreach (var field in TextMaps.GetValueOrDefault(type.StorageKey, []))
        {
            Texts(type, item.Obj(field), field);
        }

        var encoded = type.StorageKey switch { "/secrets" => item.Obj("data"), "/configmaps" => item.Obj("binaryData"), _ => null };
        foreach (var (key, value) in encoded ?? [])
        {
            if (value.Str() is { } text && !System.Buffers.Text.Base64.IsValid(text))
            {
                throw Refused(type, $"{key}: illegal base64 data");
            }
        }

        foreach (var port in type.StorageKey == "/services" ? item.Arr("spec", "ports").Objects() : [])
        {
            if (port["port"] is { } number && number.Int() is null)
            {
                throw Refused(type, $"spec.ports: port: {JsonTree.Text(number)} is not an integer");
            }
        }
    }

    private static void Texts(ResourceType type, JsonObject? map, string path)
    {
        foreach (var (key, value) in map ?? [])
        {
            if (value is not null && value.Str() is null)
            {
                throw Refused(type, $"{path}: {key}: {JsonTree.Text(value)} is not a string");
            }
        }
    }

    private static ApiError Refused(ResourceType type, string problem)
        => ApiError.BadRequest($"{type.Kind} in version \"{type.Version}\" cannot be handled as a {type.Kind}: {problem}");
}
