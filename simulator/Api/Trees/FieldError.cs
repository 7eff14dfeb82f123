using System.Text.Json.Nodes;

namespace CanaryFunctions.Simulator.Api.Trees;

/// <summary>One thing wrong with an object, worded as Kubernetes words it.</summary>
internal sealed record FieldError(string Path, string Reason, string Message)
{
    public static FieldError Invalid(string path, JsonNode? value, string problem)
        => new(path, "FieldValueInvalid", $"Invalid value: {Show(value)}: {problem}");

    public static FieldError Required(string path, string problem = "")
        => new(path, "FieldValueRequired", problem.Length == 0 ? "Required value" : $"Required value: {problem}");

    public static FieldError NotSupported(string path, JsonNode? value, IEnumerable<string> allowed)
        => new(path, "FieldValueNotSupported", $"Unsupported value: {Show(value)}: supported values: {string.Join(", ", allowed)}");

    public static FieldError Forbidden(string path, string problem) => new(path, "FieldValueForbidden", $"Forbidden: {problem}");

    public static FieldError TooLong(string path, int bytes) => new(path, "FieldValueTooLong", $"Too long: must have at most {bytes} bytes");

    public static FieldError Duplicate(string path, JsonNode? value)
        => new(path, "FieldValueDuplicate", $"Duplicate value: {Show(value)}");

    public static FieldError TooMany(string path, int count, long allowed)
        => new(path, "FieldValueTooMany", $"Too many: {count}: must have at most {allowed} items");

    public static FieldError WrongType(string path, JsonNode? value, string type)
        => new(path, "FieldValueTypeInvalid", $"Invalid value: {Show(Kind(value))}: {path} in body must be of type {type}: {Show(Kind(value))}");

    public override string ToString() => $"{(Path.Length == 0 ? "<nil>" : Path)}: {Message}";

    private static string Show(JsonNode? value) => JsonTree.Text(value);

    private static JsonValue Kind(JsonNode? value) => JsonValue.Create(value switch
    {
        null => "null",
        JsonObject => "object",
        JsonArray => "array",
        _ when value.Str() is not null => "string",
        _ when value.Flag() is not null => "boolean",
        _ when value.Int() is not null => "integer",
        _ => "number",
    });
}
