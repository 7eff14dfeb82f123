using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Trees;

namespace CanaryFunctions.Simulator.Api.Schemas;

/// <summary>Checks a value against a schema; every problem is reported, in the words of the real server.</summary>
internal static class SchemaRules
{
    public static IReadOnlyList<FieldError> Check(Schema schema, JsonObject root)
    {
        var errors = new List<FieldError>();
        Visit(schema, root, "", errors);
        return errors;
    }

    private static bool Fits(Schema schema, JsonNode? node)
    {
        var errors = new List<FieldError>();
        Visit(schema, node, "", errors);
        return errors.Count == 0;
    }

    private static void Visit(Schema schema, JsonNode? node, string path, List<FieldError> errors)
    {
        if (node is null)
        {
            if (!schema.Nullable && schema.Type is { } wanted)
            {
                errors.Add(FieldError.WrongType(path, node, wanted));
            }

            return;
        }

        if (!HasType(schema, node))
        {
            errors.Add(FieldError.WrongType(path, node, schema.IntOrString ? "integer,string" : schema.Type!));
            return;
        }

        CheckEnum(schema, node, path, errors);
        switch (node)
        {
            case JsonObject map:
                CheckObject(schema, map, path, errors);
                break;
            case JsonArray list:
                CheckArray(schema, list, path, errors);
                break;
            default:
                ScalarRules.CheckText(schema, node, path, errors);
                ScalarRules.CheckNumber(schema, node, path, errors);
                break;
        }

        CheckCombinations(schema, node, path, errors);
    }

    private static bool HasType(Schema schema, JsonNode node)
    {
        if (schema.IntOrString)
        {
            return node.Int() is not null || node.Str() is not null;
        }

        return schema.Type switch
        {
            "object" => node is JsonObject,
            "array" => node is JsonArray,
            "string" => node.Str() is not null,
            "boolean" => node.Flag() is not null,
            "integer" => node.Int() is not null,
            "number" => node.Number() is not null,
            _ => true,
        };
    }

    private static void CheckEnum(Schema schema, JsonNode node, string path, List<FieldError> errors)
    {
        if (schema.Enum is { } allowed && !allowed.Any(a => JsonTree.Same(a, node)))
        {
            errors.Add(FieldError.NotSupported(path, node, allowed.Select(JsonTree.Text)));
        }
    }

    private static void CheckObject(Schema schema, JsonObject map, string path, List<FieldError> errors)
    {
        foreach (var name in schema.Required.Where(r => !map.ContainsKey(r)))
        {
            errors.Add(FieldError.Required(Below(path, name)));
        }

        foreach (var (name, value) in map)
        {
            if (schema.Property(name) is { } property)
            {
                Visit(property, value, Below(path, name), errors);
            }
        }
    }

    private static void CheckArray(Schema schema, JsonArray list, string path, List<FieldError> errors)
    {
        if (list.Count > schema.MaxItems)
        {
            errors.Add(FieldError.TooMany(path, list.Count, schema.MaxItems.Value));
        }

        if (list.Count < schema.MinItems)
        {
            errors.Add(FieldError.Invalid(path, list.Count, $"{path} in body should have at least {schema.MinItems} items"));
        }

        if (schema.Items is { } items)
        {
            foreach (var (i, item) in list.Index())
            {
                Visit(items, item, $"{path}[{i}]", errors);
            }
        }

        CheckUnique(schema, list, path, errors);
    }

    private static void CheckUnique(Schema schema, JsonArray list, string path, List<FieldError> errors)
    {
        if (schema.ListType is not ("map" or "set"))
        {
            return;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (i, item) in list.Index())
        {
            var key = schema.ListType == "set" ? JsonTree.Text(item) : string.Join(',', schema.ListKeys.Select(k => JsonTree.Text(item.At(k))));
            if (!seen.Add(key))
            {
                errors.Add(FieldError.Duplicate($"{path}[{i}]", schema.ListType == "set" ? item : new JsonObject(schema.ListKeys.Select(k => KeyValuePair.Create(k, item.At(k)?.DeepClone())))));
            }
        }
    }

    private static void CheckCombinations(Schema schema, JsonNode node, string path, List<FieldError> errors)
    {
        var at = path.Length == 0 ? "<nil>" : path;
        foreach (var part in schema.AllOf)
        {
            Visit(part, node, path, errors);
        }

        if (schema.AnyOf.Count > 0 && !schema.AnyOf.Any(s => Fits(s, node)))
        {
            errors.Add(FieldError.Invalid("", "", $"\"{at}\" must validate at least one schema (anyOf)"));
        }

        if (schema.OneOf.Count > 0 && schema.OneOf.Count(s => Fits(s, node)) is var fitting and not 1)
        {
            errors.Add(FieldError.Invalid("", "", $"\"{at}\" must validate one and only one schema (oneOf). "
                + (fitting == 0 ? "Found none valid" : $"Found {fitting} valid alternatives")));
        }

        if (schema.Not is { } not && Fits(not, node))
        {
            errors.Add(FieldError.Invalid("", "", $"\"{at}\" must not validate the schema (not)"));
        }
    }

    private static string Below(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
