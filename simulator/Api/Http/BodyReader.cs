using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Protobuf;
using CanaryFunctions.Simulator.Api.Trees;
using CanaryFunctions.Simulator.Yaml;
using Microsoft.AspNetCore.Http;

namespace CanaryFunctions.Simulator.Api.Http;

/// <summary>Request bodies as objects: JSON, YAML, and protobuf for the kinds that kubectl sends so.</summary>
internal static class BodyReader
{
    private const int MaxBytes = 3 * 1024 * 1024;

    public static async Task<byte[]> BytesAsync(HttpRequest request, CancellationToken ct)
    {
        using var buffer = new MemoryStream();
        await request.Body.CopyToAsync(buffer, ct);
        return buffer.Length <= MaxBytes ? buffer.ToArray()
            : throw new ApiError(System.Net.HttpStatusCode.RequestEntityTooLarge, "RequestEntityTooLarge", $"Request entity too large: limit is {MaxBytes}");
    }

    /// <summary>The object in the body, with the paths of repeated keys.</summary>
    public static async Task<(JsonObject Body, IReadOnlyList<string> Duplicates)> ObjectAsync(HttpRequest request, CancellationToken ct)
    {
        var bytes = await BytesAsync(request, ct);
        var type = MediaType(request);
        var duplicates = new List<string>();
        var node = type switch
        {
            ProtobufObjects.ContentType => ProtobufObjects.Read(bytes),
            "" or Reply.JsonType => Json(bytes, duplicates),
            "application/yaml" => YamlOrJson(bytes),
            _ => throw ApiError.MediaType(Reply.JsonType, "application/yaml", ProtobufObjects.ContentType),
        };
        return (node as JsonObject ?? throw ApiError.BadRequest("the body must be an object"), duplicates);
    }

    public static string MediaType(HttpRequest request) => (request.ContentType ?? "").Split(';')[0].Trim();

    public static JsonNode? Json(byte[] bytes, List<string>? duplicates = null)
    {
        try
        {
            return JsonTree.Parse(bytes, duplicates);
        }
        catch (JsonException e)
        {
            throw ApiError.BadRequest($"the body is not valid JSON: {e.Message}");
        }
    }

    public static JsonNode? YamlOrJson(byte[] bytes)
    {
        if (bytes.AsSpan().TrimStart(" \t\r\n"u8).StartsWith("{"u8))
        {
            return Json(bytes);
        }

        try
        {
            return YamlJson.ParseAll(Encoding.UTF8.GetString(bytes)).FirstOrDefault();
        }
        catch (FormatException e)
        {
            throw ApiError.BadRequest($"error decoding YAML: {e.Message}");
        }
    }
}
