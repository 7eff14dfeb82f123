using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CanaryFunctions.Simulator.Api.Trees;
using Term = System.Func<CanaryFunctions.Simulator.Api.Cel.CelScope, System.Text.Json.Nodes.JsonNode?>;

namespace CanaryFunctions.Simulator.Api.Cel;

/// <summary>A recursive-descent parser that makes closures.</summary>
internal sealed class CelParser(string text, IEnumerable<string> variables)
{
    private readonly List<CelToken> _tokens = CelTokens.Split(text);
    private readonly HashSet<string> _known = new(variables, StringComparer.Ordinal);
    private int _at;

    private CelToken Current => _tokens[_at];

    public Term ParseAll()
    {
        var result = Conditional();
        return Current.Kind == CelTokenKind.End ? result : throw Unexpected();
    }

    private Term Conditional()
    {
        var condition = Or();
        if (!Accept("?"))
        {
            return condition;
        }

        var yes = Conditional();
        Expect(":");
        var no = Conditional();
        return s => CelScope.AsBool(condition(s)) ? yes(s) : no(s);
    }

    private Term Or()
    {
        var left = And();
        while (Accept("||"))
        {
            left = Either(left, And(), true);
        }

        return left;
    }

    private Term And()
    {
        var left = Relation();
        while (Accept("&&"))
        {
            left = Either(left, Relation(), false);
        }

        return left;
    }

    // CEL's || and && do not care for an error on one side when the other side alone decides.
    private static Term Either(Term left, Term right, bool decides) => s =>
    {
        try
        {
            if (CelScope.AsBool(left(s)) == decides)
            {
                return decides;
            }
        }
        catch (CelError) when (CelScope.AsBool(right(s)) == decides)
        {
            return decides;
        }

        return CelScope.AsBool(right(s));
    };

    private Term Relation()
    {
        var left = Sum();
        if (Current is { Kind: CelTokenKind.Name, Value: "in" })
        {
            _at++;
            var list = Sum();
            return s => CelScope.Contains(list(s), left(s));
        }

        foreach (var op in (string[])["==", "!=", "<=", ">=", "<", ">"])
        {
            if (Accept(op))
            {
                return Comparison(op, left, Sum());
            }
        }

        return left;
    }

    private static Term Comparison(string op, Term left, Term right) => op switch
    {
        "==" => s => JsonTree.Same(left(s), right(s)),
        "!=" => s => !JsonTree.Same(left(s), right(s)),
        "<=" => s => CelScope.Compare(left(s), right(s)) <= 0,
        ">=" => s => CelScope.Compare(left(s), right(s)) >= 0,
        "<" => s => CelScope.Compare(left(s), right(s)) < 0,
        _ => s => CelScope.Compare(left(s), right(s)) > 0,
    };

    private Term Sum()
    {
        var left = Unary();
        while (Current.Value is "+" or "-" && Current.Kind == CelTokenKind.Symbol)
        {
            var (before, plus) = (left, _tokens[_at++].Value == "+");
            var right = Unary();
            left = s => plus && before(s).Str() is { } word
                ? JsonValue.Create(word + CelScope.AsText(right(s)))
                : JsonValue.Create(CelScope.AsNumber(before(s)) + ((plus ? 1 : -1) * CelScope.AsNumber(right(s))));
        }

        return left;
    }

    private Term Unary()
    {
        if (Accept("!"))
        {
            var inner = Unary();
            return s => !CelScope.AsBool(inner(s));
        }

        if (Accept("-"))
        {
            var inner = Unary();
            return s => -CelScope.AsNumber(inner(s));
        }

        return Postfix(Primary());
    }

    private Term Postfix(Term value)
    {
        while (true)
        {
            if (Accept("."))
            {
                var name = Name();
                value = Accept("(") ? Method(value, name) : Member(value, name);
            }
            else if (Accept("["))
            {
                var (holder, index) = (value, Conditional());
                Expect("]");
                value = s => CelScope.Item(holder(s), index(s));
            }
            else
            {
                return value;
            }
        }
    }

    private static Term Member(Term holder, string name) => s => CelScope.Member(holder(s), name);

    private Term Method(Term target, string name)
    {
        if (name is "exists" or "all")
        {
            return Macro(target, name == "exists");
        }

        if (name == "size")
        {
            Expect(")");
            return s => CelScope.Size(target(s));
        }

        var argument = Conditional();
        Expect(")");
        return name switch
        {
            "startsWith" => s => CelScope.AsText(target(s)).StartsWith(CelScope.AsText(argument(s)), StringComparison.Ordinal),
            "endsWith" => s => CelScope.AsText(target(s)).EndsWith(CelScope.AsText(argument(s)), StringComparison.Ordinal),
            "contains" => s => CelScope.AsText(target(s)).Contains(CelScope.AsText(argument(s)), StringComparison.Ordinal),
            "matches" => s => Regex.IsMatch(CelScope.AsText(target(s)), CelScope.AsText(argument(s)), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant),
            _ => throw new FormatException($"undeclared reference to '{name}': supported are size, startsWith, endsWith, contains, matches, exists, all"),
        };
    }

    private Term Macro(Term target, bool any)
    {
        var variable = Name();
        Expect(",");
        var added = _known.Add(variable);
        var condition = Conditional();
        Expect(")");
        if (added)
        {
            _known.Remove(variable);
        }

        return s => any
            ? CelScope.Elements(target(s)).Any(e => CelScope.AsBool(condition(s.With(variable, e))))
            : CelScope.Elements(target(s)).All(e => CelScope.AsBool(condition(s.With(variable, e))));
    }

    private Term Primary()
    {
        var token = Current;
        switch (token.Kind)
        {
            case CelTokenKind.Text:
                _at++;
                return _ => JsonValue.Create(token.Value);
            case CelTokenKind.Number:
                _at++;
                var number = double.Parse(token.Value, CultureInfo.InvariantCulture);
                return _ => JsonValue.Create(number);
            case CelTokenKind.Name:
                _at++;
                return Named(token);
            default:
                return Bracketed();
        }
    }

    private Term Bracketed()
    {
        if (Accept("("))
        {
            var inner = Conditional();
            Expect(")");
            return inner;
        }

        if (!Accept("["))
        {
            throw Unexpected();
        }

        var items = new List<Term>();
        while (!Accept("]"))
        {
            items.Add(Conditional());
            if (Current.Value != "]")
            {
                Expect(",");
            }
        }

        return s => new JsonArray([.. items.Select(i => i(s)?.DeepClone())]);
    }

    private Term Named(CelToken token)
    {
        switch (token.Value)
        {
            case "true" or "false":
                var flag = token.Value == "true";
                return _ => flag;
            case "null":
                return _ => null;
            case "has" or "size" or "string" when Accept("("):
                return Function(token.Value);
            default:
                return _known.Contains(token.Value) ? s => s.Get(token.Value)
                    : throw new FormatException($"undeclared reference to '{token.Value}' at position {token.Position}; known are: {string.Join(", ", _known.Order(StringComparer.Ordinal))}");
        }
    }

    private Term Function(string name)
    {
        if (name == "has")
        {
            return Has();
        }

        var argument = Conditional();
        Expect(")");
        return name == "size" ? s => CelScope.Size(argument(s)) : s => JsonTree.Scalar(argument(s));
    }

    // has(a.b.c): everything up to the last name must evaluate, the last name need not be there.
    private Term Has()
    {
        var holder = Primary();
        string? last = null;
        while (!Accept(")"))
        {
            if (last is not null)
            {
                holder = Member(holder, last);
                last = null;
            }

            if (Accept("["))
            {
                var (map, index) = (holder, Conditional());
                Expect("]");
                holder = s => CelScope.Item(map(s), index(s));
            }
            else
            {
                Expect(".");
                last = Name();
            }
        }

        var field = last ?? throw new FormatException("invalid argument to has() macro: it must select a field");
        return s => holder(s) is JsonObject map && map[field] is not null;
    }

    private string Name() => Current.Kind == CelTokenKind.Name ? _tokens[_at++].Value : throw Unexpected();

    private bool Accept(string symbol)
    {
        if (Current.Kind != CelTokenKind.Symbol || Current.Value != symbol)
        {
            return false;
        }

        _at++;
        return true;
    }

    private void Expect(string symbol)
    {
        if (!Accept(symbol))
        {
            throw Unexpected();
        }
    }

    private FormatException Unexpected() => new(Current.Kind == CelTokenKind.End
        ? "the expression ends too soon"
        : $"unexpected '{Current.Value}' at position {Current.Position}");
}
