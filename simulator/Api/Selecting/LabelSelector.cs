using System.Globalization;
using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Http;
using CanaryFunctions.Simulator.Api.Trees;

namespace CanaryFunctions.Simulator.Api.Selecting;

/// <summary>A label selector, from a query (=, ==, !=, in, notin, key, !key) or from an object (matchLabels, matchExpressions).</summary>
internal sealed class LabelSelector
{
    private readonly List<Func<JsonObject?, bool>> _terms = [];

    public bool IsEmpty => _terms.Count == 0;

    public bool Matches(JsonObject? labels) => _terms.TrueForAll(t => t(labels));

    public static LabelSelector FromQuery(string text)
    {
        var result = new LabelSelector();
        foreach (var term in SplitTerms(text))
        {
            result._terms.Add(ParseTerm(term.Trim(), text));
        }

        return result;
    }

    public static LabelSelector FromObject(JsonObject? selector)
    {
        var result = new LabelSelector();
        foreach (var (key, value) in selector.Obj("matchLabels") ?? [])
        {
            var wanted = value.Str();
            result._terms.Add(l => l.Str(key) == wanted);
        }

        foreach (var expression in selector.Arr("matchExpressions").Objects())
        {
            var key = expression.Str("key") ?? "";
            result._terms.Add(Term(expression.Str("operator") ?? "", key, [.. expression.Arr("values").Strings()]));
        }

        return result;
    }

    private static Func<JsonObject?, bool> Term(string op, string key, HashSet<string> values) => op switch
    {
        "In" => l => l.Str(key) is { } v && values.Contains(v),
        "NotIn" => l => l.Str(key) is not { } v || !values.Contains(v),
        "Exists" => l => l.Str(key) is not null,
        "DoesNotExist" => l => l.Str(key) is null,
        _ => throw ApiError.BadRequest($"\"{op}\" is not a valid label selector operator; use one of: In, NotIn, Exists, DoesNotExist"),
    };

    private static IEnumerable<string> SplitTerms(string text)
    {
        var (start, depth) = (0, 0);
        for (var i = 0; i < text.Length; i++)
        {
            depth += text[i] switch { '(' => 1, ')' => -1, _ => 0 };
            if (text[i] == ',' && depth == 0)
            {
                yield return text[start..i];
                start = i + 1;
            }
        }

        if (start < text.Length)
        {
            yield return text[start..];
        }
    }

    private static Func<JsonObject?, bool> ParseTerm(string term, string whole)
    {
        if (term.EndsWith(')') && term.IndexOf('(') is var open and > 0)
        {
            var words = term[..open].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var values = term[(open + 1)..^1].Split(',', StringSplitOptions.TrimEntries).ToHashSet(StringComparer.Ordinal);
            return words switch
            {
                [var key, "in"] => Term("In", key, values),
                [var key, "notin"] => Term("NotIn", key, values),
                _ => throw Unparsable(whole, term),
            };
        }

        foreach (var op in (string[])["!=", "==", "="])
        {
            if (term.IndexOf(op, StringComparison.Ordinal) is var at and > 0)
            {
                return Term(op == "!=" ? "NotIn" : "In", term[..at].Trim(), [term[(at + op.Length)..].Trim()]);
            }
        }

        foreach (var op in (string[])[">", "<"])
        {
            if (term.Split(op, 2, StringSplitOptions.TrimEntries) is [{ Length: > 0 } key, var limit] && long.TryParse(limit, NumberStyles.Integer, CultureInfo.InvariantCulture, out var bound))
            {
                return l => long.TryParse(l.Str(key), NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) && (op == ">" ? value > bound : value < bound);
            }
        }

        var name = term.TrimStart('!').Trim();
        if (name.Length == 0 || name.Contains(' '))
        {
            throw Unparsable(whole, term);
        }

        return Term(term.StartsWith('!') ? "DoesNotExist" : "Exists", name, []);
    }

    private static ApiError Unparsable(string whole, string term)
        => ApiError.BadRequest($"unable to parse requirement: \"{term}\" in selector \"{whole}\" is not a requirement");
}
