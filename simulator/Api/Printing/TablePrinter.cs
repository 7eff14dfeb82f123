using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Crds;
using CanaryFunctions.Simulator.Api.Http;
using CanaryFunctions.Simulator.Api.Resources;
using CanaryFunctions.Simulator.Api.Trees;

namespace CanaryFunctions.Simulator.Api.Printing;

/// <summary>meta.k8s.io/v1 Tables: built-in columns, a definition's printer columns, or name and age.</summary>
internal sealed class TablePrinter(TimeProvider time)
{
    private static readonly TableColumn Name = new("Name", (o, _) => o.Str("metadata", "name"), Format: "name", Description: "Name must be unique within a namespace.");
    private static readonly TableColumn Age = new("Age", (o, now) => HumanAge.Since(o.Str("metadata", "creationTimestamp"), now));

    public JsonObject Table(ResourceType type, IReadOnlyList<JsonObject> items, string include, string version, ObjectForm form)
    {
        var apiVersion = form == ObjectForm.BetaTable ? "meta.k8s.io/v1beta1" : "meta.k8s.io/v1";
        var columns = Columns(type);
        var now = time.GetUtcNow();
        return new JsonObject
        {
            ["kind"] = "Table",
            ["apiVersion"] = apiVersion,
            ["metadata"] = new JsonObject { ["resourceVersion"] = version },
            ["columnDefinitions"] = new JsonArray([.. columns.Select(c => new JsonObject
            {
                ["name"] = c.Name,
                ["type"] = c.Type,
                ["format"] = c.Format,
                ["description"] = c.Description,
                ["priority"] = c.Priority,
            })]),
            ["rows"] = new JsonArray([.. items.Select(i => Row(i, columns, include, apiVersion, now))]),
        };
    }

    private static JsonObject Row(JsonObject item, List<TableColumn> columns, string include, string apiVersion, DateTimeOffset now)
    {
        var row = new JsonObject { ["cells"] = new JsonArray([.. columns.Select(c => c.Cell(item, now))]) };
        JsonNode? included = include switch
        {
            "None" => null,
            "Object" => item.DeepClone(),
            _ => Handling.MetadataView.Of(item, apiVersion),
        };
        if (included is not null)
        {
            row["object"] = included;
        }

        return row;
    }

    private static List<TableColumn> Columns(ResourceType type)
    {
        if (type.Custom is not { } custom)
        {
            var named = BuiltInColumns.HasOwnName(type.StorageKey) ? [] : (TableColumn[])[Name];
            var aged = BuiltInColumns.HasOwnAge(type.StorageKey) ? [] : (TableColumn[])[Age];
            return [.. named, .. BuiltInColumns.For(type.StorageKey), .. aged, .. BuiltInColumns.Wide(type.StorageKey)];
        }

        return custom.Columns.Count == 0 ? [Name, Age with { Type = "date" }] : [Name, .. custom.Columns.Select(FromDefinition)];
    }

    private static TableColumn FromDefinition(PrinterColumn column)
    {
        var path = JsonPath.Parse(column.Path);
        return new(column.Name, (o, now) => Cell(column, path.Select(o).ToList(), now), column.Type, column.Priority, column.Format, column.Description);
    }

    private static JsonNode? Cell(PrinterColumn column, List<JsonNode> found, DateTimeOffset now)
    {
        if (found.Count == 0)
        {
            return null;
        }

        return column.Type switch
        {
            "integer" => found[0].Int() is { } whole ? JsonValue.Create(whole) : null,
            "number" => found[0].Number() is { } number ? JsonValue.Create(number) : null,
            "boolean" => found[0].Flag() is { } flag ? JsonValue.Create(flag) : null,
            "date" => HumanAge.Since(found[0].Str(), now),
            _ => string.Join(",", found.Select(JsonTree.Scalar)),
        };
    }
}
