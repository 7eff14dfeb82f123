using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Trees;

namespace CanaryFunctions.Simulator.Api.Schemas;

/// <summary>The rules of a schema that hold for texts and numbers.</summary>
internal static class ScalarRules
{
    public static void CheckText(Schema schema, JsonNode node, string path, List<FieldError> errors)
    {
        if (node.Str() is not { } text)
        {
            return;
        }

        var length = new StringInfo(text).LengthInTextElements;
        if (length > schema.MaxLength)
        {
            errors.Add(new(path, "FieldValueTooLong", $"Too long: may not be more than {schema.MaxLength} bytes"));
        }

        if (length < schema.MinLength)
        {
            errors.Add(FieldError.Invalid(path, text, $"{path} in body should be at least {schema.MinLength} chars long"));
        }

        if (schema.Pattern is { } pattern && !pattern.IsMatch(text))
        {
            errors.Add(FieldError.Invalid(path, text, $"{path} in body should match '{schema.PatternText}'"));
        }

        if (!HasFormat(schema.Format, text))
        {
            errors.Add(FieldError.Invalid(path, text, $"{path} in body must be of type {schema.Format}: {JsonTree.Text(text)}"));
        }
    }

    // Loose on purpose: formats that are not listed are documentation, as they are for the real server.
    private static bool HasFormat(string? format, string text) => format switch
    {
        "date-time" => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _) && text.Contains('T'),
        "ipv4" or "ipv6" => IPAddress.TryParse(text, out _),
        "uri" => Uri.TryCreate(text, UriKind.RelativeOrAbsolute, out _),
        _ => true,
    };

    public static void CheckNumber(Schema schema, JsonNode node, string path, List<FieldError> errors)
    {
        if (node.Number() is not { } number)
        {
            return;
        }

        if (schema.Minimum is { } low && (number < low || (schema.ExclusiveMinimum && number == low)))
        {
            errors.Add(FieldError.Invalid(path, node, $"{path} in body should be greater than {(schema.ExclusiveMinimum ? "" : "or equal to ")}{low:R}"));
        }

        if (schema.Maximum is { } high && (number > high || (schema.ExclusiveMaximum && number == high)))
        {
            errors.Add(FieldError.Invalid(path, node, $"{path} in body should be less than {(schema.ExclusiveMaximum ? "" : "or equal to ")}{high:R}"));
        }

        if (schema.Format == "int32" && number is < int.MinValue or > int.MaxValue)
        {
            errors.Add(FieldError.Invalid(path, node, $"{path} in body must be of type int32"));
        }
    }
}
