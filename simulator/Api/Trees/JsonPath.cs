using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace CanaryFunctions.Simulator.Api.Trees;

/// <summary>
/// The JSONPath subset of printer columns and scale paths: .a.b, .a\.b, ['a.b'], [0], [-1], [*], [?(@.x=="y")], each with or without {}.
/// </summary>
internal sealed class JsonPath
{
    private readonly List<Func<JsonNode, IEnumerable<JsonNode?>>> _steps = [];
    private readonly List<string> _names = [];
    private bool _simple = true;

    private JsonPath()
    {
    }

    /// <summary>Throws <see cref="FormatException"/> that names the path and what is wrong.</summary>
    public static JsonPath Parse(string text)
    {
        var result = new JsonPath();
        var body = text.Trim().TrimStart('{').TrimEnd('}').TrimStart('$');
        for (var i = 0; i < body.Length;)
        {
            i = body[i] switch
            {
                '.' => result.AddName(body, i + 1),
                '[' => result.AddBracket(body, i, text),
                _ => result.AddName(body, i),
            };
        }

        return result;
    }

    public IEnumerable<JsonNode> Select(JsonNode? root)
    {
        IEnumerable<JsonNode?> found = [root];
        foreach (var step in _steps)
        {
            found = found.OfType<JsonNode>().SelectMany(step);
        }

        return found.OfType<JsonNode>();
    }

    public JsonNode? First(JsonNode? root) => Select(root).FirstOrDefault();

    /// <summary>Sets the field that a plain path (names only) leads to.</summary>
    public void Set(JsonObject root, JsonNode? value)
    {
        if (!_simple || _names.Count == 0)
        {
            throw new FormatException("only a plain path of names can be set");
        }

        var target = root;
        foreach (var name in _names.SkipLast(1))
        {
            target = target.Ensure(name);
        }

        target[_names[^1]] = value;
    }

    private int AddName(string body, int start)
    {
        var name = new StringBuilder();
        var i = start;
        for (; i < body.Length && body[i] is not ('.' or '['); i++)
        {
            if (body[i] == '\\' && i + 1 < body.Length)
            {
                i++;
            }

            name.Append(body[i]);
        }

        if (name.Length > 0)
        {
            AddField(name.ToString());
        }

        return i;
    }

    private int AddBracket(string body, int open, string whole)
    {
        var close = body.IndexOf(body.AsSpan(open).StartsWith("[?(") ? ")]" : "]", open, StringComparison.Ordinal);
        if (close < 0)
        {
            throw new FormatException($"jsonPath \"{whole}\": unterminated bracket");
        }

        var inner = body[(open + 1)..close].Trim();
        if (inner.StartsWith("?(", StringComparison.Ordinal))
        {
            AddFilter(inner[2..], whole);
            return close + 2;
        }

        if (inner is ['\'' or '"', .., '\'' or '"'])
        {
            AddField(inner[1..^1]);
        }
        else if (inner == "*")
        {
            _simple = false;
            _steps.Add(n => n is JsonArray list ? list : (n as JsonObject)?.Select(p => p.Value) ?? []);
        }
        else if (int.TryParse(inner, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var index))
        {
            _simple = false;
            _steps.Add(n => n is JsonArray list && (index < 0 ? list.Count + index : index) is var at && at >= 0 && at < list.Count ? [list[at]] : []);
        }
        else
        {
            throw new FormatException($"jsonPath \"{whole}\": \"[{inner}]\" is not supported; use ['name'], [N], [*] or [?(@.name==\"value\")]");
        }

        return close + 1;
    }

    private void AddFilter(string filter, string whole)
    {
        _simple = false;
        var op = filter.Contains("!=", StringComparison.Ordinal) ? "!=" : "==";
        var parts = filter.Split(op, 2, StringSplitOptions.TrimEntries);
        if (parts.Length != 2 || !parts[0].StartsWith("@.", StringComparison.Ordinal))
        {
            throw new FormatException($"jsonPath \"{whole}\": the filter \"{filter}\" is not supported; use ?(@.name==\"value\")");
        }

        var (field, wanted) = (Parse(parts[0][1..]), parts[1].Trim('"', '\''));
        _steps.Add(n => (n as JsonArray)?.Where(i => field.First(i) is { } v && JsonTree.Scalar(v) == wanted == (op == "==")) ?? []);
    }

    private void AddField(string name)
    {
        _names.Add(name);
        _steps.Add(n => n is JsonObject o && o.TryGetPropertyValue(name, out var value) ? [value] : []);
    }
}
