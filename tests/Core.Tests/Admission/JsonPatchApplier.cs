using System.Text.Json.Nodes;

namespace CanaryFunctions.Core.Tests.Admission;

/// <summary>Applies a JSON Patch as an API server does: a straight reading of RFC 6902 for add, remove and replace.</summary>
internal static class JsonPatchApplier
{
    public static JsonNode? Apply(JsonNode? document, JsonArray patch)
    {
        foreach (var operation in patch)
        {
            var (op, path, value) = ((string)operation!["op"]!, (string)operation["path"]!, operation["value"]?.DeepClone());
            if (path.Length == 0)
            {
                document = value;
                continue;
            }

            var tokens = path.Split('/')[1..].Select(t => t.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)).ToArray();
            var parent = tokens[..^1].Aggregate(document, (at, token) => at is JsonArray list ? list[int.Parse(token)] : at![token]);
            ApplyTo(parent!, op, tokens[^1], value);
        }

        return document;
    }

    private static void ApplyTo(JsonNode parent, string op, string token, JsonNode? value)
    {
        switch (parent, op)
        {
            case (JsonObject obj, "add"):
                obj.ContainsKey(token).ShouldBeFalse();
                obj[token] = value;
                break;
            case (JsonObject obj, "remove"):
                obj.Remove(token).ShouldBeTrue();
                break;
            case (JsonObject obj, "replace"):
                obj.ContainsKey(token).ShouldBeTrue();
                obj[token] = value;
                break;
            case (JsonArray list, "add"):
                list.Insert(token == "-" ? list.Count : int.Parse(token), value);
                break;
            case (JsonArray list, "remove"):
                list.RemoveAt(int.Parse(token));
                break;
            case (JsonArray list, "replace"):
                list[int.Parse(token)] = value;
                break;
            default:
                throw new InvalidOperationException($"{op} {token}");
        }
    }
}
