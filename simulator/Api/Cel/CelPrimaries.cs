using System.Globalization;
using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Trees;
using Term = System.Func<CanaryFunctions.Simulator.Api.Cel.CelScope, System.Text.Json.Nodes.JsonNode?>;

namespace CanaryFunctions.Simulator.Api.Cel;

/// <summary>What an expression is made of: literals, lists, variables, functions and brackets.</summary>
internal sealed class CelPrimaries(CelCursor cursor, IReadOnlySet<string> known, Func<Term> expression)
{
    public Term Primary()
    {
        var token = cursor.Current;
        switch (token.Kind)
        {
            case CelTokenKind.Text:
                cursor.Take();
                return _ => JsonValue.Create(token.Value);
            case CelTokenKind.Number:
                cursor.Take();
                var number = double.Parse(token.Value, CultureInfo.InvariantCulture);
                return _ => JsonValue.Create(number);
            case CelTokenKind.Name:
                cursor.Take();
                return Named(token);
            default:
                return Bracketed();
        }
    }

    private Term Bracketed()
    {
        if (cursor.Accept("("))
        {
            var inner = expression();
            cursor.Expect(")");
            return inner;
        }

        if (!cursor.Accept("["))
        {
            throw cursor.Unexpected();
        }

        var items = new List<Term>();
        while (!cursor.Accept("]"))
        {
            items.Add(expression());
            if (cursor.Current.Value != "]")
            {
                cursor.Expect(",");
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
            case "has" or "size" or "string" when cursor.Accept("("):
                return Function(token.Value);
            default:
                return known.Contains(token.Value) ? s => s.Get(token.Value)
                    : throw new FormatException($"undeclared reference to '{token.Value}' at position {token.Position}; known are: {string.Join(", ", known.Order(StringComparer.Ordinal))}");
        }
    }

    private Term Function(string name)
    {
        if (name == "has")
        {
            return Has();
        }

        var argument = expression();
        cursor.Expect(")");
        return name == "size" ? s => CelScope.Size(argument(s)) : s => JsonTree.Scalar(argument(s));
    }

    // has(a.b.c): everything up to the last name must evaluate, the last name need not be there.
    private Term Has()
    {
        var holder = Primary();
        string? last = null;
        while (!cursor.Accept(")"))
        {
            if (last is not null)
            {
                holder = CelOperators.Member(holder, last);
                last = null;
            }

            if (cursor.Accept("["))
            {
                var (map, index) = (holder, expression());
                cursor.Expect("]");
                holder = s => CelScope.Item(map(s), index(s));
            }
            else
            {
                cursor.Expect(".");
                last = cursor.Name();
            }
        }

        var field = last ?? throw new FormatException("invalid argument to has() macro: it must select a field");
        return s => holder(s) is JsonObject map && map[field] is not null;
    }
}
